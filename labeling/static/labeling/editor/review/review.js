// @ts-check
// Review: stepping through items, deciding on them, and looking at how they came to be.

import { byId } from "../../shared/dom.js";
import { Compare } from "./compare.js";
import { Deciding } from "./deciding.js";
import { Differences } from "./differences.js";
import { showHistory } from "./history.js";
import { ReviewPanel } from "./panel.js";
import { Stepper } from "./stepper.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./deciding.js").Word} Word */

/**
 * @param {Bench} bench
 * @param {HTMLElement} place
 */
export function offerReview(bench, place) {
  const stepper = new Stepper(bench);
  const deciding = new Deciding(bench, stepper);
  const compare = new Compare(bench);
  const differences = new Differences(bench, compare);
  offerSteps(bench, stepper);
  offerDecisions(bench, deciding);
  const comparable = () => bench.selection.size > 0 || "Select the object to compare with its runs.";
  bench.actions.add(
    { id: "review.compare", title: "Compare with the run", group: "Review", keys: ["Shift+KeyC"], run: () => compare.toggle() },
    {
      id: "review.next-difference", title: "Next frame that differs from the run", group: "Review", keys: ["Alt+Shift+KeyC"],
      when: comparable, run: () => differences.step(1),
    },
    { id: "review.previous-difference", title: "Previous frame that differs from the run", group: "Review", when: comparable, run: () => differences.step(-1) },
    {
      id: "review.history", title: "History of this label", group: "Review", keys: ["Shift+KeyH"], menus: ["object"],
      when: () => bench.primary !== null || "Select an object.", run: () => showHistory(bench),
    },
  );
  new ReviewPanel(bench, place, { stepper, deciding, compare, differences });
  byId("tab-review").addEventListener("click", () => stepper.read().catch((error) => bench.say(String(error.message ?? error), "bad")));
}

/**
 * @param {Bench} bench
 * @param {Stepper} stepper
 */
function offerSteps(bench, stepper) {
  const step = async (/** @type {1 | -1} */ by) => {
    if (!stepper.on) await stepper.read();
    if (!stepper.step(by)) bench.say("There is nothing left to review here.");
  };
  const through = async (/** @type {"low" | "hints"} */ mode, /** @type {1 | -1} */ by) => {
    if (stepper.mode !== mode) stepper.use(mode);
    stepper.zooms = true;
    await step(by);
  };
  bench.actions.add(
    { id: "review.next", title: "Next item", group: "Review", keys: ["KeyJ"], run: () => step(1) },
    { id: "review.previous", title: "Previous item", group: "Review", keys: ["Shift+KeyJ"], run: () => step(-1) },
    { id: "review.next-low", title: "Next label of low confidence", group: "Review", keys: ["KeyN"], run: () => through("low", 1) },
    { id: "review.previous-low", title: "Previous label of low confidence", group: "Review", keys: ["Shift+KeyN"], run: () => through("low", -1) },
    { id: "review.next-hint", title: "Next identity jump or score drop", group: "Review", keys: ["Alt+KeyJ"], run: () => through("hints", 1) },
    { id: "review.previous-hint", title: "Previous identity jump or score drop", group: "Review", keys: ["Alt+Shift+KeyJ"], run: () => through("hints", -1) },
    { id: "review.leave", title: "Stop stepping", group: "Review", when: () => stepper.on || "Nothing is being stepped through.", run: () => stepper.leave() },
  );
}

/**
 * @param {Bench} bench
 * @param {Deciding} deciding
 */
function offerDecisions(bench, deciding) {
  if (!bench.facts.mayJudge) return;
  const chosen = () => deciding.target().keys.length > 0 || "Select the objects to decide on.";
  const range = () => bench.range !== null && (bench.selection.size > 0 || "Select the objects to decide on.");
  /** @type {[string, string, Word, string[], string[]][]} */
  const words = [
    ["accept", "Accept", "accepted", ["Shift+Enter"], ["Alt+Enter"]],
    ["reject", "Reject", "rejected", ["Shift+Backspace"], ["Alt+Backspace"]],
    ["undecide", "Take the decision back", "cleared", [], []],
  ];
  for (const [id, title, word, keys, ofRange] of words) {
    bench.actions.add(
      { id: `review.${id}`, title, group: "Review", keys, menus: ["object"], when: chosen, run: () => deciding.decide(word) },
      { id: `range.${id}`, title: `${title}: the chosen frames`, group: "Review", keys: ofRange, menus: ["timeline"], when: range, run: () => deciding.decideRange(word) },
    );
  }
}
