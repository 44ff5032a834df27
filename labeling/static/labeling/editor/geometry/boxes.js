// @ts-check
// Upright boxes: drawn, moved, resized, always inside the frame.

import { clamp } from "./points.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("./points.js").Size} Size */
/** @typedef {{ratio?: boolean, centre?: boolean, step?: boolean}} DragOptions keep the ratio, about the centre, steps of 15° */
/** @typedef {{x0: number, y0: number, x1: number, y1: number}} Edges of a box that may be turned inside out */

/** Pixels: a box is not resized to less. */
export const LEAST = 1;

/** Which edges each of the eight handles moves, clockwise from the top left: of x and y, -1 the first, 1 the second. */
export const GRIPS = /** @type {const} */ ([[-1, -1], [0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0]]);

/**
 * The box that a drag from one point to another draws.
 * @param {Point} start with `centre` the middle of the box
 * @param {Point} end
 * @param {DragOptions} [options] `ratio` draws a square
 * @returns {Rect}
 */
export function between([x0, y0], [x1, y1], { ratio = false, centre = false } = {}) {
  let [dx, dy] = [x1 - x0, y1 - y0];
  if (ratio) {
    const side = Math.max(Math.abs(dx), Math.abs(dy));
    [dx, dy] = [dx < 0 ? -side : side, dy < 0 ? -side : side];
  }
  if (centre) return upright({ x0: x0 - dx, y0: y0 - dy, x1: x0 + dx, y1: y0 + dy });
  return upright({ x0, y0, x1: x0 + dx, y1: y0 + dy });
}

/** @param {Edges} edges @returns {Rect} */
export function upright({ x0, y0, x1, y1 }) {
  return { left: Math.min(x0, x1), top: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) };
}

/** The part of a box inside the frame; without width or height when nothing of it is. @param {Rect} box @param {Size} size @returns {Rect} */
export function clipped({ left, top, width, height }, size) {
  const [x0, y0] = [clamp(left, 0, size.width), clamp(top, 0, size.height)];
  const [x1, y1] = [clamp(left + width, 0, size.width), clamp(top + height, 0, size.height)];
  return { left: x0, top: y0, width: x1 - x0, height: y1 - y0 };
}

/** As much of a move as keeps a box in the frame; a box that reaches out may come back. @param {Rect} box @param {Point} by @param {Size} size @returns {Point} */
export function limitedMove({ left, top, width, height }, [dx, dy], size) {
  return [within(dx, -left, size.width - left - width), within(dy, -top, size.height - top - height)];
}

/** @param {number} move @param {number} low @param {number} high */
function within(move, low, high) {
  return clamp(move, Math.min(low, 0), Math.max(high, 0));
}

/** The box around boxes, at least one. @param {Rect[]} boxes @returns {Rect} */
export function union(boxes) {
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.left + box.width));
  const bottom = Math.max(...boxes.map((box) => box.top + box.height));
  return { left, top, width: right - left, height: bottom - top };
}

/** Whether two boxes share a point. @param {Rect} one @param {Rect} other */
export function meet(one, other) {
  return (
    one.left <= other.left + other.width && other.left <= one.left + one.width &&
    one.top <= other.top + other.height && other.top <= one.top + one.height
  );
}

/** The area that two boxes share. @param {Rect} one @param {Rect} other */
export function shared(one, other) {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return Math.max(width, 0) * Math.max(height, 0);
}

/** Where a handle of a box is. @param {Rect} box @param {number} grip 0..7 @returns {Point} */
export function gripAt({ left, top, width, height }, grip) {
  const [sx, sy] = GRIPS[/** @type {0} */ (grip)];
  return [left + (width * (sx + 1)) / 2, top + (height * (sy + 1)) / 2];
}

/**
 * Drag a handle of a box to a point. The box may come out inside out; `upright` puts that right.
 * @param {Rect} box
 * @param {number} grip 0..7, clockwise from the top left
 * @param {Point} point
 * @param {DragOptions} [options]
 * @returns {Edges}
 */
export function dragged(box, grip, [x, y], { ratio = false, centre = false } = {}) {
  const [sx, sy] = GRIPS[/** @type {0} */ (grip)];
  const edges = { x0: box.left, y0: box.top, x1: box.left + box.width, y1: box.top + box.height };
  // How far the handle lies from the point that stays, along either axis.
  const part = centre ? 0.5 : 1;
  const [stayX, stayY] = [box.left + (box.width * (1 - (centre ? 0 : sx))) / 2, box.top + (box.height * (1 - (centre ? 0 : sy))) / 2];
  let scaleX = sx ? ((x - stayX) * sx) / (box.width * part || 1) : 1;
  let scaleY = sy ? ((y - stayY) * sy) / (box.height * part || 1) : 1;
  if (ratio) {
    const both = sx && sy ? Math.max(Math.abs(scaleX), Math.abs(scaleY)) : Math.abs(sx ? scaleX : scaleY);
    scaleX = both * Math.sign(scaleX || 1);
    scaleY = both * Math.sign(scaleY || 1);
  }
  return scaledAbout(edges, [stayX, stayY], scaleX, scaleY);
}

/** @param {Edges} edges @param {Point} stay @param {number} scaleX @param {number} scaleY @returns {Edges} */
function scaledAbout({ x0, y0, x1, y1 }, [x, y], scaleX, scaleY) {
  return { x0: x + (x0 - x) * scaleX, x1: x + (x1 - x) * scaleX, y0: y + (y0 - y) * scaleY, y1: y + (y1 - y) * scaleY };
}

/** A box that is at least a pixel wide and high, and in the frame. @param {Rect} box @param {Size} size @returns {Rect} */
export function fitted(box, size) {
  const cut = clipped(box, size);
  const [width, height] = [Math.max(cut.width, Math.min(LEAST, size.width)), Math.max(cut.height, Math.min(LEAST, size.height))];
  return { left: Math.min(cut.left, size.width - width), top: Math.min(cut.top, size.height - height), width, height };
}
