// @ts-check
// What can be done with chosen frames, and how they are chosen by keys.

import { make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Operation} Operation */

/** Actions of several rooms: those that are there are offered. @type {[string, string][]} */
const BUTTONS = [["range.track", "Track"], ["range.delete", "Delete"], ["range.accept", "Accept"], ["range.reject", "Reject"], ["range.clear", "Clear"]];

/** @param {Bench} bench */
export function offerRange(bench) {
  const { facts } = bench;
  if (facts.first !== facts.last) {
    bench.actions.add(
      { id: "range.start", title: "The chosen frames begin here", group: "Frames", keys: ["Alt+BracketLeft"], menus: ["timeline"], run: () => bench.setRange([bench.frame, Math.max(bench.range?.[1] ?? facts.last, bench.frame)]) },
      { id: "range.end", title: "The chosen frames end here", group: "Frames", keys: ["Alt+BracketRight"], menus: ["timeline"], run: () => bench.setRange([Math.min(bench.range?.[0] ?? facts.first, bench.frame), bench.frame]) },
      { id: "range.clear", title: "Choose no frames", group: "Frames", menus: ["timeline"], when: () => (bench.range ? true : "No frames are chosen."), run: () => bench.setRange(null) },
    );
  }
  bench.actions.add({
    id: "range.delete", title: "Delete the labels on the chosen frames", group: "Objects", menus: ["timeline"],
    when: () => deletable(bench), run: () => deleteRange(bench),
  });
}

/** @param {Bench} bench @returns {true | string} */
function deletable({ facts, range, selection, locked }) {
  if (!facts.mayEdit) return facts.barrier;
  if (!range) return "Choose frames on the timeline first.";
  if (!selection.size) return "Select an object first.";
  return [...selection].some((key) => locked.has(key)) ? "A selected object is locked." : true;
}

/** @param {Bench} bench */
function deleteRange(bench) {
  const { range, selection, primary } = bench;
  if (!range) return;
  const [first, last] = range;
  const operations = [...selection].map((instance) => /** @type {Operation} */ ({ op: "labels.remove", instance, first, last, mark: true }));
  const whose = selection.size === 1 && primary ? primary.name : `${selection.size} objects`;
  bench.edit(`Delete ${whose} on frames ${first} to ${last}`, operations);
}

/** @param {Bench} bench @returns {HTMLElement} */
export function showRangeBar(bench) {
  const said = make("span", { class: "small", role: "status" });
  const buttons = BUTTONS.map(([id, title]) => {
    const button = make("button", { type: "button", class: "small", "data-action": id }, title);
    button.addEventListener("click", () => bench.actions.run(id));
    return button;
  });
  const bar = make("div", { class: "range-bar", id: "range-bar", role: "group", "aria-label": "Chosen frames" }, said, ...buttons);
  const write = () => {
    const { range } = bench;
    bar.hidden = !range;
    if (!range) return;
    const count = range[1] - range[0] + 1;
    said.textContent = `Frames ${range[0]} to ${range[1]} (${count})`;
    for (const button of buttons) writeButton(bench, button);
  };
  bench.on(["range", "selection", "visible"], write);
  write();
  return bar;
}

/** @param {Bench} bench @param {HTMLButtonElement} button */
function writeButton(bench, button) {
  const id = button.getAttribute("data-action") ?? "";
  const action = bench.actions.get(id);
  const answer = bench.actions.available(id);
  button.hidden = !action || answer === false;
  button.disabled = answer !== true;
  button.title = answer === true ? bench.actions.hint(id) : String(answer || "");
}
