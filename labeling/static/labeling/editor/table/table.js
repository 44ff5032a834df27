// @ts-check
// The table of objects: the accessible twin of the canvas.

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} bench @param {HTMLElement} place */
export function showTable(bench, place) {
  place.dataset["task"] = String(bench.facts.task);
}
