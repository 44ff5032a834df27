// @ts-check
// Wand and sparkles in the row of a class.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { segmentable } from "./segmentable.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */

/**
 * The buttons of a row, and what brings them up to date.
 * @param {Bench} bench
 * @param {ObjectClass} of
 * @returns {{elements: HTMLElement[], show: () => void}}
 */
export function rowTools(bench, of) {
  const wand = button("wand", `Segment ${of.name} with SAM`);
  const on = () => bench.tool?.name === "sam" && bench.classId === of.id;
  wand.addEventListener("click", () => {
    const answer = segmentable(bench, of);
    if (answer !== true) {
      bench.say(String(answer), "warn");
      return;
    }
    if (on()) bench.use("select");
    else {
      // The wand of a class is for new objects of it.
      bench.select([]);
      bench.useClass(of.id);
      bench.use("sam");
    }
    document.getElementById("stage")?.focus({ preventScroll: true });
  });
  const show = () => {
    const answer = segmentable(bench, of);
    wand.setAttribute("aria-pressed", String(on()));
    wand.setAttribute("aria-disabled", String(answer !== true));
    wand.title = answer === true ? `Segment ${of.name} with SAM` : answer;
  };
  return { elements: [wand], show };
}

/** @param {"wand" | "sparkles"} name @param {string} label */
function button(name, label) {
  return make("button", { type: "button", class: `class-tool ${name}`, "aria-label": label }, icon(name));
}
