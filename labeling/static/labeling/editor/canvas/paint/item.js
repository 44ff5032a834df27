// @ts-check
// One label, whatever its shape: how it is painted, how far that reaches, and what it costs.

import { levelOf } from "../paths.js";
import { grown, joined } from "../bounds.js";
import { itemBounds } from "../scene.js";
import { paintOutline } from "./outline.js";
import { paintPoint } from "./point.js";
import { paintSkeleton } from "./skeleton.js";
import { paintTag, tagRect } from "./tag.js";

/** @typedef {import("../scene.js").Item} Item */
/** @typedef {import("./strokes.js").Pen} Pen */
/** @typedef {import("./strokes.js").Context} Context */

/** CSS pixels that lines and dots reach over the bounds of their shape. */
const REACH = 9;

/**
 * @param {number} scale
 * @param {number} dots
 * @param {number} opacity
 * @param {boolean} thin
 * @returns {Pen}
 */
export function penFor(scale, dots, opacity, thin) {
  return { pixel: 1 / scale, level: levelOf(scale), opacity, thin, dots };
}

/** @param {Context} context @param {Item} item @param {Pen} pen */
export function paintItem(context, item, pen) {
  if (item.kind === "point") paintPoint(context, item, pen);
  else if (item.kind === "skeleton") paintSkeleton(context, item, pen);
  else paintOutline(context, item, pen);
  if (item.tag) paintTag(context, item, pen);
  context.globalAlpha = 1;
}

/** All that painting it may touch, in pixels of the frame. @param {Item} item @param {Pen} pen */
export function paintedRect(item, pen) {
  const shape = grown(itemBounds(item), REACH * pen.pixel);
  const tag = tagRect(item, pen);
  return tag ? joined(shape, grown(tag, pen.pixel)) : shape;
}

/** What painting it costs, about, in corners. @param {Item} item */
export function weightOf({ kind, shape, tag }) {
  const written = tag ? 30 : 0;
  if (kind === "polygon") return written + 20 + shape.polygons.flat(1).reduce((/** @type {number} */ sum, /** @type {unknown[]} */ ring) => sum + ring.length, 0);
  if (kind === "polyline") return written + 20 + shape.points.length;
  if (kind === "skeleton") return written + 20 * shape.vertices.length;
  if (kind === "bitmask") return written + 2 * (shape.width + shape.height);
  return written + 25;
}
