// @ts-check
// Bitmasks as the ends of their runs: a few kilobytes each, read once, never a picture each.

import { contour } from "./contour.js";

/** @typedef {import("../types.js").BitmaskShape} BitmaskShape */
/** @typedef {import("../types.js").Point} Point */

/** @type {WeakMap<BitmaskShape, Uint32Array>} */
const ends = new WeakMap();
/** @type {WeakMap<BitmaskShape, Point[][]>} */
const outlines = new WeakMap();

/**
 * Where the runs of a mask end, column by column from its own corner; runs outside and inside alternate, outside first.
 * The format of `counts`: cocoapi, common/maskApi.c, rleFrString.
 * @param {BitmaskShape} shape
 * @returns {Uint32Array}
 */
export function runEnds(shape) {
  const found = ends.get(shape);
  if (found) return found;
  const { counts } = shape;
  /** @type {number[]} */
  const lengths = [];
  const made = new Uint32Array(counts.length);
  let [at, end] = [0, 0];
  while (at < counts.length) {
    let [value, shift, more] = [0, 0, true];
    while (more) {
      const code = counts.charCodeAt(at++) - 48;
      value |= (code & 0x1f) << shift;
      shift += 5;
      more = (code & 0x20) !== 0;
      if (!more && code & 0x10 && shift < 32) value |= -1 << shift;
    }
    // From the fourth on, a length is stored as the difference to the one before the last.
    if (lengths.length > 2) value += lengths[lengths.length - 2] ?? 0;
    lengths.push(value);
    end += value;
    made[lengths.length - 1] = end;
  }
  const trimmed = made.slice(0, lengths.length);
  ends.set(shape, trimmed);
  return trimmed;
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
