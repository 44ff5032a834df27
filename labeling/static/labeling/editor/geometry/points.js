// @ts-check
// Points, segments and sizes: the arithmetic that all shapes share. Pixels of the frame, y down.

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {{width: number, height: number}} Size */

/** Coordinates are kept to a thousandth of a pixel, as the server gives them out. @param {number} value */
export function thousandth(value) {
  const scaled = value * 1000;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  // Halves go to the even neighbour, as NumPy rounds.
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return (up ? floor + 1 : floor) / 1000;
}

/** @param {number} value @param {number} low @param {number} high */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** The nearest point of the frame. @param {Point} point @param {Size} size @returns {Point} */
export function inside([x, y], { width, height }) {
  return [clamp(x, 0, width), clamp(y, 0, height)];
}

/** @param {Point} a @param {Point} b */
export function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** @param {Point} a @param {Point} b @returns {Point} */
export function middle(a, b) {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/**
 * Turn a point about a centre, clockwise on screen.
 * @param {Point} point
 * @param {Point} centre
 * @param {number} degrees
 * @returns {Point}
 */
export function turned([x, y], [cx, cy], degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos];
}

/** Direction from one point to another in degrees, clockwise on screen from the right. @param {Point} from @param {Point} to */
export function direction(from, to) {
  return (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI;
}

/** The nearest point of a segment. @param {Point} point @param {Point} start @param {Point} end @returns {Point} */
export function nearestOn([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const share = length ? clamp(((x - x0) * dx + (y - y0) * dy) / length, 0, 1) : 0;
  return [x0 + share * dx, y0 + share * dy];
}

/** The box around points, at least one. @param {Point[]} points @returns {Rect} */
export function around(points) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** How many different points there are. @param {Point[]} points */
export function distinct(points) {
  return new Set(points.map(([x, y]) => `${x} ${y}`)).size;
}
