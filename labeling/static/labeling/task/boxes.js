// @ts-check
// Boxes under the pointer: drawn between two corners, moved, resized; always within the frame.

/** @typedef {import("./types.js").BoxShape} BoxShape */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {{width: number, height: number}} Size */

// What each handle moves, clockwise from the top left: [left, top, right, bottom].
const SIDES = [
  [1, 1, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 0],
];

/**
 * The box between two corners.
 * @param {Point} from
 * @param {Point} to
 * @param {Size} frame
 * @returns {BoxShape}
 */
export function between(from, to, frame) {
  const [x1, y1] = inside(from, frame);
  const [x2, y2] = inside(to, frame);
  return rounded(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
}

/**
 * The box `by` so many pixels further. A turned box may reach out of the frame, the server says how far.
 * @template {BoxShape & {rotation?: number}} T
 * @param {T} shape
 * @param {Point} by
 * @param {Size} frame
 * @returns {T}
 */
export function moved(shape, [dx, dy], frame) {
  if (shape.rotation) return { ...shape, left: shape.left + dx, top: shape.top + dy };
  const left = clip(shape.left + dx, frame.width - shape.width);
  const top = clip(shape.top + dy, frame.height - shape.height);
  return { ...shape, left, top };
}

/**
 * The box with the sides of `handle` moved; the sides may pass each other.
 * @template {BoxShape} T
 * @param {T} shape
 * @param {number} handle 0 to 7, clockwise from the top left
 * @param {Point} by
 * @param {Size} frame
 * @returns {T}
 */
export function resized(shape, handle, [dx, dy], frame) {
  const [left = 0, top = 0, right = 0, bottom = 0] = SIDES[handle] ?? [];
  /** @type {Point} */
  const one = [shape.left + left * dx, shape.top + top * dy];
  /** @type {Point} */
  const other = [shape.left + shape.width + right * dx, shape.top + shape.height + bottom * dy];
  return { ...shape, ...between(one, other, frame) };
}

/**
 * @param {Point} point
 * @param {Size} frame
 * @returns {Point}
 */
function inside([x, y], frame) {
  return [clip(x, frame.width), clip(y, frame.height)];
}

/**
 * @param {number} value
 * @param {number} most
 */
function clip(value, most) {
  return Math.min(Math.max(0, value), most);
}

/**
 * @param {number} left
 * @param {number} top
 * @param {number} right
 * @param {number} bottom
 * @returns {BoxShape}
 */
function rounded(left, top, right, bottom) {
  const [x, y] = [hundredths(left), hundredths(top)];
  return { left: x, top: y, width: hundredths(right - x), height: hundredths(bottom - y) };
}

/** @param {number} value */
function hundredths(value) {
  return Math.round(value * 100) / 100;
}
