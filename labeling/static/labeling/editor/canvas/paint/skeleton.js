// @ts-check
// Skeletons: edges between vertices that were seen; occluded vertices hollow, invisible ones not drawn.

import { FAINT, paintDot, strokeLine } from "./strokes.js";

/** @typedef {import("../scene.js").Item} Item */
/** @typedef {import("./strokes.js").Pen} Pen */
/** @typedef {import("./strokes.js").Context} Context */
/** @typedef {import("../../types.js").PointShape} PointShape */

/** @param {Context} context @param {Item} item @param {Pen} pen */
export function paintSkeleton(context, item, pen) {
  /** @type {PointShape[]} */
  const vertices = item.shape.vertices;
  const path = new Path2D();
  for (const [from, to] of item.skeleton?.edges ?? []) {
    const [start, end] = [vertices[from], vertices[to]];
    if (!start || !end || start.visibility === "invisible" || end.visibility === "invisible") continue;
    path.moveTo(start.x, start.y);
    path.lineTo(end.x, end.y);
  }
  strokeLine(context, path, item, pen);
  vertices.forEach((one, index) => {
    if (one.visibility === "invisible" && !item.selected) return;
    context.globalAlpha = item.faint || one.visibility === "invisible" ? FAINT : 1;
    const color = item.skeleton?.vertices[index]?.color || item.color;
    paintDot(context, one, { color, radius: item.selected ? 4.5 : 3.5, hollow: one.visibility !== "visible" }, pen.pixel);
  });
}
