// @ts-check
// Context menus, made of the actions that have a place in them.

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} bench */
export function offerMenus(bench) {
  bench.addEventListener("menu", () => {});
}
