// @ts-check
// The bell in the header: what others want of this person, while they work.

import { Bell } from "../../shared/bell.js";

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} bench @param {HTMLElement} place */
export function showBell(bench, place) {
  const bell = new Bell(place);
  bench.sync.onEvent((event) => bell.heard(event));
}
