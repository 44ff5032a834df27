// @ts-check
// Keypoints: a dot in a ring, hollow when occluded.

import { FAINT, paintDot } from "./strokes.js";

/** @typedef {import("../scene.js").Item} Item */
/** @typedef {import("./strokes.js").Pen} Pen */
/** @typedef {import("./strokes.js").Context} Context */

/** @param {Context} context @param {Item} item @param {Pen} pen */
export function paintPoint(context, { shape, color, selected, faint }, { pixel }) {
  if (shape.visibility === "invisible" && !selected) return;
  context.globalAlpha = faint || shape.visibility === "invisible" ? FAINT : 1;
  const radius = selected ? 6 : 4.5;
  paintDot(context, shape, { color, radius, hollow: shape.visibility !== "visible" }, pixel);
  if (shape.visibility !== "visible") return;
  paintDot(context, shape, { color: "#ffffff", radius: radius / 3, hollow: false }, pixel);
}
