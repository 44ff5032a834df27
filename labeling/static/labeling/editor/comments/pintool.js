// @ts-check
// The tool of comments: a click pins one to a point, or opens the one that is there.

import { pinAt } from "./pins.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Tool} Tool */

/**
 * @param {Bench} bench
 * @param {import("./discussion.js").Discussion} discussion
 * @param {import("./panel.js").CommentPanel} panel
 * @returns {Tool}
 */
export function pinTool(bench, discussion, panel) {
  return {
    name: "comment",
    title: "Pin a comment",
    cursor: () => "crosshair",
    down(pointer) {
      if (pointer.button !== 0) return;
      const known = pinAt(bench, discussion, pointer.screenX, pointer.screenY);
      if (known) panel.reveal(known);
      else panel.begin(placeAt(bench, pointer));
      bench.use("select");
    },
    escape() {
      bench.use("select");
      return true;
    },
  };
}

/**
 * A point of the frame, within it.
 * @param {Bench} bench
 * @param {{x: number, y: number}} point
 * @returns {import("./threads.js").Place}
 */
function placeAt(bench, { x, y }) {
  const [width, height] = bench.sizeOf(bench.shown);
  const inside = (/** @type {number} */ one, /** @type {number} */ most) => Math.round(Math.min(Math.max(one, 0), most) * 10) / 10;
  return { kind: "point", frame: bench.shown, x: inside(x, width), y: inside(y, height) };
}
