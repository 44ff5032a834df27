// @ts-check
// Bitmasks as the ends of their runs: a few kilobytes each, read once, never a picture each.

import { runs } from "../geometry/rle.js";
import { contour } from "./contour.js";

/** @typedef {import("../types.js").BitmaskShape} BitmaskShape */
/** @typedef {import("../types.js").Point} Point */

/** @type {WeakMap<BitmaskShape, Uint32Array>} */
const ends = new WeakMap();
/** @type {WeakMap<BitmaskShape, Point[][]>} */
const outlines = new WeakMap();

/**
 * Where the runs of a mask end, column by column from its own corner; runs outside and inside alternate, outside first.
 * @param {BitmaskShape} shape
 * @returns {Uint32Array}
 */
export function runEnds(shape) {
  const found = ends.get(shape);
  if (found) return found;
  let end = 0;
  const made = Uint32Array.from(runs(shape.counts), (length) => (end += length));
  ends.set(shape, made);
  return made;
}

/**
 * Say whether the pixel that holds the point belongs to the mask.
 * @param {BitmaskShape} shape
 * @param {number} x pixels of the frame
 * @param {number} y
 */
export function maskHolds(shape, x, y) {
  const [column, row] = [Math.floor(x) - shape.left, Math.floor(y) - shape.top];
  if (column < 0 || row < 0 || column >= shape.width || row >= shape.height) return false;
  const index = column * shape.height + row;
  const found = runEnds(shape);
  let [low, high] = [0, found.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((found[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low < found.length && low % 2 === 1;
}

/**
 * The closed rings along the edges of a mask's pixels, in pixels of the frame.
 * @param {BitmaskShape} shape
 * @returns {Point[][]}
 */
export function outlineOf(shape) {
  let found = outlines.get(shape);
  if (!found) outlines.set(shape, (found = contour(runEnds(shape), shape)));
  return found;
}
