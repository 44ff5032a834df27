// @ts-check
// The upright rectangle around a shape, worked out once for each, and how rectangles lie to each other.

import { bounds } from "../geometry/shapes.js";

/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */

/** @type {Rect} */
const NOTHING = { left: 0, top: 0, width: 0, height: 0 };
/** @type {WeakMap<object, Rect>} */
const known = new WeakMap();

/**
 * The bounds of a shape in pixels of the frame; of a shape that is drawn just now too, when it has no point yet
 * they are empty.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @returns {Rect}
 */
export function boundsOf(kind, shape) {
  let found = known.get(shape);
  if (!found) known.set(shape, (found = isBlank(kind, shape) ? NOTHING : bounds(kind, shape)));
  return found;
}

/** Whether a shape that is being drawn has no point yet. @param {ShapeKind} kind @param {any} shape @returns {boolean} */
export function isBlank(kind, shape) {
  if (kind === "polygon") return !shape.polygons.some((/** @type {unknown[][]} */ one) => one[0]?.length);
  if (kind === "polyline") return !shape.points.length;
  if (kind === "skeleton") return !shape.vertices.length;
  return kind === "bitmask" && !shape.counts;
}

/** @param {Rect} one @param {Rect} other */
export function overlap(one, other) {
  return (
    one.left <= other.left + other.width &&
    other.left <= one.left + one.width &&
    one.top <= other.top + other.height &&
    other.top <= one.top + one.height
  );
}

/** The smallest rectangle around both. @param {Rect} one @param {Rect} other @returns {Rect} */
export function joined(one, other) {
  const [left, top] = [Math.min(one.left, other.left), Math.min(one.top, other.top)];
  const right = Math.max(one.left + one.width, other.left + other.width);
  const bottom = Math.max(one.top + one.height, other.top + other.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** @param {Rect} rect @param {number} by @returns {Rect} */
export function grown({ left, top, width, height }, by) {
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by };
}
