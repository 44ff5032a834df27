// @ts-check
// The tool of comments: a click pins one to a point. Pins that are there see to their own clicks.

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Tool} Tool */

/**
 * @param {Bench} bench
 * @param {import("./panel.js").CommentPanel} panel
 * @returns {Tool}
 */
export function pinTool(bench, panel) {
  return {
    name: "comment",
    title: "Pin a comment",
    cursor: () => "crosshair",
    // The press gives the stage the focus; the field takes it afterwards.
    up(pointer) {
      if (pointer.button !== 0) return;
      bench.use("select");
      panel.begin(placeAt(bench, pointer));
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
