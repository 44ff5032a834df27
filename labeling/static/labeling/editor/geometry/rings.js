// @ts-check
// Rings and lines of points: area, containment, simplifying. Rings are open: the last point is not the first again.

import { clamp, distance, nearestOn } from "./points.js";

/** @typedef {import("../types.js").Point} Point */

/** Twice nothing when the points lie on a line; positive when the ring runs clockwise on screen. @param {Point[]} ring */
export function signedArea(ring) {
  let sum = 0;
  let before = ring.at(-1) ?? [0, 0];
  for (const point of ring) {
    sum += before[0] * point[1] - point[0] * before[1];
    before = point;
  }
  return sum / 2;
}

/** Whether a point lies in a ring by the even-odd rule. @param {Point[]} ring @param {Point} point */
export function ringContains(ring, [x, y]) {
  let within = false;
  let [x0, y0] = ring.at(-1) ?? [0, 0];
  for (const [x1, y1] of ring) {
    if (y1 > y !== y0 > y && x < x1 + ((y - y1) * (x0 - x1)) / (y0 - y1)) within = !within;
    [x0, y0] = [x1, y1];
  }
  return within;
}

/** Whether a point lies in one of several polygons with holes. @param {Point[][][]} polygons @param {Point} point */
export function polygonsContain(polygons, point) {
  return polygons.some((rings) => rings.filter((ring) => ringContains(ring, point)).length % 2 === 1);
}

/**
 * The place of a line that is nearest to a point: `after` is the index of the segment's first point.
 * @param {Point[]} points
 * @param {Point} point
 * @param {boolean} closed whether the last point is joined to the first
 * @returns {{after: number, at: Point, distance: number}}
 */
export function nearestPlace(points, point, closed) {
  let best = { after: 0, at: points[0] ?? point, distance: Infinity };
  const segments = closed ? points.length : points.length - 1;
  for (let after = 0; after < segments; after += 1) {
    const start = points[after];
    const end = points[(after + 1) % points.length];
    if (!start || !end) continue;
    const at = nearestOn(point, start, end);
    const away = distance(at, point);
    if (away < best.distance) best = { after, at, distance: away };
  }
  return best;
}

/**
 * Leave out points that lie within `tolerance` of the line without them (Ramer, Douglas, Peucker).
 * @param {Point[]} points
 * @param {number} tolerance
 * @param {boolean} closed
 * @returns {Point[]}
 */
export function simplified(points, tolerance, closed) {
  const last = points.length - 1;
  if (last < 2) return points;
  const keep = new Uint8Array(points.length);
  keep[0] = 1;
  /** @type {[number, number][]} */
  const spans = [];
  if (closed) {
    const far = farthest(points, 0, points.length);
    keep[far] = 1;
    spans.push([0, far], [far, points.length]);
  } else {
    keep[last] = 1;
    spans.push([0, last]);
  }
  for (let span = spans.pop(); span; span = spans.pop()) {
    const worst = straying(points, ...span);
    if (worst.distance <= tolerance) continue;
    keep[worst.index] = 1;
    spans.push([span[0], worst.index], [worst.index, span[1]]);
  }
  return points.filter((_, index) => keep[index]);
}

/** The point farthest from the one at `from`. @param {Point[]} points @param {number} from @param {number} to not included */
function farthest(points, from, to) {
  const start = /** @type {Point} */ (points[from]);
  let [best, away] = [from, -1];
  for (let index = from + 1; index < to; index += 1) {
    const now = distance(start, /** @type {Point} */ (points[index]));
    if (now > away) [best, away] = [index, now];
  }
  return best;
}

/** The point between two that strays most from their line. @param {Point[]} points @param {number} from @param {number} to */
function straying(points, from, to) {
  const start = /** @type {Point} */ (points[from]);
  const end = /** @type {Point} */ (points[to % points.length]);
  const worst = { index: from, distance: -1 };
  for (let index = from + 1; index < to; index += 1) {
    const point = /** @type {Point} */ (points[index]);
    const away = distance(point, nearestOn(point, start, end));
    if (away > worst.distance) Object.assign(worst, { index, distance: away });
  }
  return worst;
}

/**
 * The part of a convex outline inside the frame (Sutherland, Hodgman).
 * @param {Point[]} ring
 * @param {import("./points.js").Size} size
 * @returns {Point[]}
 */
export function clippedRing(ring, { width, height }) {
  /** @type {[0 | 1, number, 1 | -1][]} axis, limit, side that stays */
  const borders = [[0, 0, 1], [0, width, -1], [1, 0, 1], [1, height, -1]];
  return borders.reduce((left, [axis, limit, side]) => clippedAt(left, axis, limit, side), ring);
}

/** @param {Point[]} ring @param {0 | 1} axis @param {number} limit @param {1 | -1} side @returns {Point[]} */
function clippedAt(ring, axis, limit, side) {
  /** @type {Point[]} */
  const kept = [];
  let before = ring.at(-1);
  for (const point of ring) {
    if (before && side * (point[axis] - limit) >= 0 !== side * (before[axis] - limit) >= 0) {
      const share = clamp((limit - before[axis]) / (point[axis] - before[axis]), 0, 1);
      kept.push([before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])]);
    }
    if (side * (point[axis] - limit) >= 0) kept.push(point);
    before = point;
  }
  return kept;
}
