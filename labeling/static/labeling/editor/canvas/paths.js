// @ts-check
// Outlines as paths in pixels of the frame: made once for each shape, with fewer corners the smaller it is shown.

import { corners } from "../geometry/rotation.js";
import { outlineOf } from "./runs.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {{level: number, path: Path2D, count: number}} Made `level` is infinite where nothing could be left out */

/** At this level and above every corner is kept. */
const ALL = 1;
/** Corners nearer to the last than this are left out, in CSS pixels. */
const NEAR = 0.7;

/** @type {WeakMap<object, Made>} */
const known = new WeakMap();

/** How finely paths are made at this scale: 0 stands for 1:1, each step for half the size. @param {number} scale */
export function levelOf(scale) {
  return Math.min(ALL, Math.floor(Math.log2(scale)));
}

/**
 * The outline of a box, turned box, polygon, polyline or bitmask.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {number} level from `levelOf`
 * @returns {Made} with the count of its corners
 */
export function pathOf(kind, shape, level) {
  const found = known.get(shape);
  if (found && (found.level === level || found.level === Infinity)) return found;
  const made = build(kind, shape, level);
  known.set(shape, made);
  return made;
}

/** @param {ShapeKind} kind @param {any} shape @param {number} level @returns {Made} */
function build(kind, shape, level) {
  const path = new Path2D();
  if (kind === "bounding_box") {
    path.rect(shape.left, shape.top, shape.width, shape.height);
    return { level: Infinity, path, count: 4 };
  }
  if (kind === "rotatable_bounding_box") return { level: Infinity, path, count: trace(path, corners(shape), true, 0) };
  const near = level >= ALL ? 0 : NEAR / 2 ** (level + 1);
  let count = 0;
  if (kind === "polyline") {
    for (const piece of shape.visibility ? seenPieces(shape) : [shape.points]) count += trace(path, piece, false, near);
    return { level, path, count };
  }
  for (const ring of kind === "bitmask" ? outlineOf(shape) : shape.polygons.flat(1)) count += trace(path, ring, true, near);
  return { level, path, count };
}

/** The stretches of a polyline between points that were seen. @param {import("../types.js").PolylineShape} shape @returns {Point[][]} */
export function seenPieces({ points, visibility }) {
  /** @type {Point[][]} */
  const pieces = [[]];
  points.forEach((point, index) => {
    if (visibility?.[index] === "invisible") pieces.push([]);
    else pieces.at(-1)?.push(point);
  });
  return pieces.filter((piece) => piece.length > 1);
}

/**
 * @param {Path2D} path
 * @param {Point[]} points
 * @param {boolean} closed
 * @param {number} near pixels of the frame within which a corner is left out; the last of an open line never is
 * @returns {number} how many corners were put in
 */
function trace(path, points, closed, near) {
  let [lastX, lastY, count] = [NaN, NaN, 0];
  const square = near * near;
  for (let index = 0; index < points.length; index += 1) {
    const [x, y] = points[index] ?? [0, 0];
    if (index === 0) path.moveTo(x, y);
    else if ((x - lastX) ** 2 + (y - lastY) ** 2 < square && (closed || index < points.length - 1)) continue;
    else path.lineTo(x, y);
    [lastX, lastY] = [x, y];
    count += 1;
  }
  if (closed && count) path.closePath();
  return count;
}
