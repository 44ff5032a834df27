// @ts-check
// The upright rectangle around a shape, worked out once for each.

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */

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
  if (!found) known.set(shape, (found = kind === "bounding_box" || kind === "bitmask" ? shape : around(pointsOf(kind, shape))));
  return /** @type {Rect} */ (found);
}

/**
 * The points that span a shape.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @returns {Iterable<Point>}
 */
function pointsOf(kind, shape) {
  if (kind === "polygon") return shape.polygons.flatMap((/** @type {Point[][]} */ one) => one[0] ?? []);
  if (kind === "polyline") return shape.points;
  if (kind === "point") return [[shape.x, shape.y]];
  if (kind === "skeleton") return shape.vertices.map((/** @type {{x: number, y: number}} */ one) => [one.x, one.y]);
  return corners(shape);
}

/** @param {Iterable<Point>} points @returns {Rect} */
function around(points) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return right >= left ? { left, top, width: right - left, height: bottom - top } : { left: 0, top: 0, width: 0, height: 0 };
}

/**
 * The corners of a turned box, clockwise from its own top left.
 * @param {import("../types.js").RotatedBoxShape} box
 * @returns {Point[]}
 */
export function corners({ left, top, width, height, rotation }) {
  const angle = ((rotation || 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [left + width / 2, top + height / 2];
  return /** @type {Point[]} */ ([[-1, -1], [1, -1], [1, 1], [-1, 1]]).map(([sx, sy]) => {
    const [dx, dy] = [(sx * width) / 2, (sy * height) / 2];
    return [x + dx * cos - dy * sin, y + dx * sin + dy * cos];
  });
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
