// @ts-check
// Boxes, turned boxes, polygons, polylines and bitmasks: an outline, and a fill where there is an inside.

import { pathOf } from "../paths.js";
import { FAINT, strokeLine } from "./strokes.js";

/** @typedef {import("../scene.js").Item} Item */
/** @typedef {import("./strokes.js").Pen} Pen */
/** @typedef {import("./strokes.js").Context} Context */

/** How much of the opacity a fill gets: a box is not what it surrounds. Bitmasks are filled on their own layer. */
const FILLS = /** @type {Record<string, number>} */ ({ bounding_box: 0.35, rotatable_bounding_box: 0.35, polygon: 0.8 });

/** @param {Context} context @param {Item} item @param {Pen} pen */
export function paintOutline(context, item, pen) {
  const { path } = pathOf(item.kind, item.shape, pen.level);
  const share = item.filled ? (FILLS[item.kind] ?? 0) : 0;
  if (share) {
    context.globalAlpha = pen.opacity * share * (item.selected ? 1.25 : 1) * (item.faint ? FAINT : 1);
    context.fillStyle = item.color;
    context.fill(path, "evenodd");
  }
  strokeLine(context, path, item, pen);
}
