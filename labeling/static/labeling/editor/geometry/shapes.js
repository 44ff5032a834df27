// @ts-check
// The seven shapes as one: bounds, moving, stretching, turning. Shapes are never changed in place.

import { bitmaskOf, pixelsOf, stretched, wholePixels } from "./bitmasks.js";
import { around, inside, middle, thousandth, turned } from "./points.js";
import { clipped, fitted, limitedMove, upright } from "./boxes.js";
import { ringContains } from "./rings.js";
import { centre, corners, wrapped } from "./rotation.js";
import { mapped, vertices } from "./vertices.js";

export { fault, KIND_NAMES } from "./validity.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {import("./points.js").Size} Size */
/** @typedef {import("./boxes.js").Edges} Edges */

/** @param {ShapeKind} kind */
export function isRect(kind) {
  return kind === "bounding_box" || kind === "bitmask";
}

/** The upright box around a shape, not clipped to the frame. @param {ShapeKind} kind @param {any} shape @returns {Rect} */
export function bounds(kind, shape) {
  if (isRect(kind)) return { left: shape.left, top: shape.top, width: shape.width, height: shape.height };
  if (kind === "rotatable_bounding_box") return around(corners(shape));
  return around(vertices(kind, shape).map(({ at }) => at));
}

/**
 * As much of a move as the frame allows. A rotated box may reach out of it, its centre may not; bitmasks
 * move by whole pixels.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {Point} by
 * @param {Size} size
 * @returns {Point}
 */
export function limited(kind, shape, by, size) {
  if (kind === "rotatable_bounding_box") {
    const [left, top] = centre(shape);
    return limitedMove({ left, top, width: 0, height: 0 }, by, size);
  }
  /** @type {Point} */
  const whole = kind === "bitmask" ? [Math.round(by[0]), Math.round(by[1])] : by;
  return limitedMove(bounds(kind, shape), whole, size);
}

/**
 * Move a shape, as far as the frame allows.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {Point} by
 * @param {Size} size
 */
export function move(kind, shape, by, size) {
  const [dx, dy] = limited(kind, shape, by, size);
  if (isRect(kind) || kind === "rotatable_bounding_box") return { ...shape, left: shape.left + dx, top: shape.top + dy };
  return mapped(kind, shape, ([x, y]) => [x + dx, y + dy]);
}

/**
 * Stretch a shape so that its bounds `from` become `to`, which may be inside out (mirrored). What would
 * reach out of the frame is held at its edge.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {Rect} from
 * @param {Edges} to
 * @param {Size} size
 */
export function scale(kind, shape, from, to, size) {
  if (kind === "bounding_box") return fitted(upright(to), size);
  if (kind === "bitmask") {
    const flips = { flipX: to.x1 < to.x0, flipY: to.y1 < to.y0 };
    return stretched(shape, wholePixels(clipped(upright(to), size), size), flips) ?? shape;
  }
  const stretch = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ span, /** @type {number} */ a, /** @type {number} */ b) =>
    span ? a + ((value - low) / span) * (b - a) : value + (a + b) / 2 - low;
  /** @type {(point: Point) => Point} */
  const place = ([x, y]) => [stretch(x, from.left, from.width, to.x0, to.x1), stretch(y, from.top, from.height, to.y0, to.y1)];
  if (kind === "rotatable_bounding_box") {
    const [x, y] = inside(place(centre(shape)), size);
    const width = Math.max(1, Math.abs(shape.width * ratio(to.x1 - to.x0, from.width)));
    const height = Math.max(1, Math.abs(shape.height * ratio(to.y1 - to.y0, from.height)));
    return { ...shape, left: x - width / 2, top: y - height / 2, width, height };
  }
  return mapped(kind, shape, (point) => inside(place(point), size));
}

/** @param {number} now @param {number} before */
function ratio(now, before) {
  return before ? now / before : 1;
}

/** Whether a shape can be turned. @param {ShapeKind} kind */
export function turns(kind) {
  return kind === "rotatable_bounding_box" || kind === "polygon" || kind === "polyline" || kind === "skeleton";
}

/** What a shape turns about. @param {ShapeKind} kind @param {any} shape @returns {Point} */
export function pivot(kind, shape) {
  return centre(kind === "rotatable_bounding_box" ? shape : bounds(kind, shape));
}

/**
 * Turn a shape clockwise about its middle.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {number} degrees
 * @param {Size} size
 */
export function turn(kind, shape, degrees, size) {
  if (kind === "rotatable_bounding_box") return { ...shape, rotation: wrapped(shape.rotation + degrees) };
  if (!turns(kind)) return shape;
  const about = pivot(kind, shape);
  return mapped(kind, shape, (point) => inside(turned(point, about, degrees), size));
}

/**
 * A shape as it is kept: in the frame, to the thousandth of a pixel.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {Size} size
 */
export function tidy(kind, shape, size) {
  if (kind === "bitmask") return tidyMask(shape, size);
  if (kind === "rotatable_bounding_box") return { ...tidyBox(shape), rotation: thousandth(wrapped(shape.rotation)) % 360 };
  if (kind === "bounding_box") return tidyBox(clipped(shape, size));
  return mapped(kind, shape, (point) => /** @type {Point} */ (inside(point, size).map(thousandth)));
}

/** @param {Rect} box */
function tidyBox({ left, top, width, height }) {
  return { left: thousandth(left), top: thousandth(top), width: thousandth(width), height: thousandth(height) };
}

/** @param {any} shape @param {Size} size */
function tidyMask(shape, size) {
  if (shape.left >= 0 && shape.top >= 0 && shape.left + shape.width <= size.width && shape.top + shape.height <= size.height) return shape;
  const { data, width, height } = pixelsOf(shape);
  const kept = data.map((value, at) => {
    const [x, y] = [shape.left + (at % width), shape.top + Math.floor(at / width)];
    return x >= 0 && y >= 0 && x < size.width && y < size.height ? value : 0;
  });
  return bitmaskOf({ data: kept, width, height }, shape.left, shape.top) ?? shape;
}

/** Whether two shapes are the same to a thousandth of a pixel. @param {any} one @param {any} other */
export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The straight pieces of a shape's outline, for what snaps to it. @param {ShapeKind} kind @param {any} shape @returns {{points: Point[], closed: boolean}[]} */
export function outlinesOf(kind, shape) {
  if (kind === "polygon") return shape.polygons.flat().map((/** @type {Point[]} */ points) => ({ points, closed: true }));
  if (kind === "polyline") return [{ points: shape.points, closed: false }];
  if (kind === "rotatable_bounding_box") return [{ points: corners(shape), closed: true }];
  if (kind === "bounding_box") return [{ points: corners({ ...shape, rotation: 0 }), closed: true }];
  return [];
}

/** Where a shape's name or a menu can be put: the middle of its bounds. @param {ShapeKind} kind @param {any} shape @returns {Point} */
export function middleOf(kind, shape) {
  const { left, top, width, height } = bounds(kind, shape);
  return middle([left, top], [left + width, top + height]);
}

/** Which polygon of several holds a point, -1 for none. @param {import("../types.js").PolygonShape} shape @param {Point} point */
export function polygonAt(shape, point) {
  return shape.polygons.findIndex((rings) => rings.filter((ring) => ringContains(ring, point)).length % 2 === 1);
}
