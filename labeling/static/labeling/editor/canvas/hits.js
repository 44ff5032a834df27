// @ts-check
// Which labels lie under a point: the box around each first, then its outline or its pixels.

import { grown } from "./bounds.js";
import { levelOf, pathOf } from "./paths.js";
import { maskHolds } from "./runs.js";
import { itemBounds } from "./scene.js";

/** @typedef {import("./scene.js").Item} Item */
/** @typedef {import("../types.js").PointShape} PointShape */
/** @typedef {import("../types.js").Rect} Rect */

/** @type {CanvasRenderingContext2D | null} */
let context = null;

/**
 * The labels at a point, the one that a click means first: selected ones, then by z-order, then the smaller before
 * the larger (so that what lies within another can be reached), then the later one.
 * @param {Item[]} items
 * @param {number} x pixels of the frame
 * @param {number} y
 * @param {number} radius pixels of the frame within which a line or dot counts
 * @param {number} scale CSS pixels a pixel of the frame
 * @returns {Item[]}
 */
export function itemsAt(items, x, y, radius, scale) {
  return items
    .filter((item) => holds(grown(itemBounds(item), radius), x, y) && itemHolds(item, x, y, radius, scale))
    .sort((one, other) => rank(one, other));
}

/** @param {Item} one @param {Item} other */
function rank(one, other) {
  return (
    Number(other.selected) - Number(one.selected) ||
    other.z - one.z ||
    areaOf(one) - areaOf(other) ||
    other.number - one.number
  );
}

/** @param {Item} item */
function areaOf(item) {
  const { width, height } = itemBounds(item);
  return item.kind === "point" ? 0 : width * height;
}

/** @param {Rect} rect @param {number} x @param {number} y */
function holds({ left, top, width, height }, x, y) {
  return x >= left && y >= top && x <= left + width && y <= top + height;
}

/**
 * @param {Item} item
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {number} scale
 */
function itemHolds({ kind, shape, skeleton, selected }, x, y, radius, scale) {
  if (kind === "bitmask") return maskHolds(shape, x, y);
  if (kind === "point") return shape.visibility !== "invisible" || selected;
  if (kind === "skeleton") return skeletonHolds(shape.vertices, skeleton?.edges ?? [], x, y, radius);
  if (!context) context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const { path } = pathOf(kind, shape, levelOf(scale));
  if (kind !== "polyline" && context.isPointInPath(path, x, y, "evenodd")) return true;
  context.lineWidth = 2 * radius;
  return context.isPointInStroke(path, x, y);
}

/**
 * @param {PointShape[]} vertices
 * @param {[number, number][]} edges
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function skeletonHolds(vertices, edges, x, y, radius) {
  const seen = (/** @type {PointShape | undefined} */ one) => one && one.visibility !== "invisible";
  if (vertices.some((one) => seen(one) && Math.hypot(one.x - x, one.y - y) <= radius)) return true;
  return edges.some(([from, to]) => {
    const [start, end] = [vertices[from], vertices[to]];
    return start && end && seen(start) && seen(end) && distance(start, end, x, y) <= radius;
  });
}

/** From a point to a stretch. @param {{x: number, y: number}} start @param {{x: number, y: number}} end @param {number} x @param {number} y */
function distance(start, end, x, y) {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = dx * dx + dy * dy;
  const at = length ? Math.min(Math.max(((x - start.x) * dx + (y - start.y) * dy) / length, 0), 1) : 0;
  return Math.hypot(start.x + at * dx - x, start.y + at * dy - y);
}
