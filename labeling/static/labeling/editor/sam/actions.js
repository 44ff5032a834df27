// @ts-check
// What SAM mode lets a person do by key, menu and button.

import { anySegmentable } from "./segmentable.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("./sam.js").Sam} Sam */

/** @param {Bench} bench @param {Sam} sam @returns {Action[]} */
export function samActions(bench, sam) {
  const toggle = () => bench.use(sam.on ? "select" : "sam");
  return [{ id: "sam.toggle", title: "SAM mode: toggle auto-annotation", group: "Tools", keys: ["Shift+KeyA"], when: () => sam.on || anySegmentable(bench), run: toggle }];
}
