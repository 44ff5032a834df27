// @ts-check
// Whether a shape can be kept: the rules of the server, and its sentences.

import { clipped } from "./boxes.js";
import { distinct } from "./points.js";
import { clippedRing, signedArea } from "./rings.js";
import { corners } from "./rotation.js";
import { runs } from "./rle.js";
import { vertices } from "./vertices.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {import("./points.js").Size} Size */

/** What people call the kinds of shape. @type {Record<ShapeKind, string>} */
export const KIND_NAMES = {
  bounding_box: "bounding box",
  rotatable_bounding_box: "rotatable bounding box",
  polygon: "polygon",
  bitmask: "bitmask",
  polyline: "polyline",
  point: "keypoint",
  skeleton: "object primitive",
};

const OVERHANG = 0.5;
const SMALLEST = 1e-3;

/** Six digits that count, as the server writes numbers. @param {number} value */
function digits(value) {
  return String(Number(value.toPrecision(6)));
}

/** @param {Size} size */
function sized({ width, height }) {
  return `${width} by ${height} pixels`;
}

/** @param {number} x @param {number} y @param {Size} size */
function holds(x, y, { width, height }) {
  return x >= -OVERHANG && x <= width + OVERHANG && y >= -OVERHANG && y <= height + OVERHANG;
}

/** @param {string} name @param {unknown[]} numbers */
function finite(name, numbers) {
  return numbers.every((number) => typeof number === "number" && Number.isFinite(number)) ? "" : `The ${name} has a coordinate that is not a finite number.`;
}

/** @param {string} name @param {import("../types.js").Rect} box */
function spacious(name, { width, height }) {
  return width < SMALLEST || height < SMALLEST ? `The ${name} has no area: it is ${digits(width)} by ${digits(height)} pixels.` : "";
}

/** @param {any} box @param {Size} size */
function boxFault(box, size) {
  const cut = clipped(box, size);
  if (cut.width < SMALLEST || cut.height < SMALLEST) return `The bounding box lies outside the frame of ${sized(size)}.`;
  const held = holds(box.left, box.top, size) && holds(box.left + box.width, box.top + box.height, size);
  return held ? "" : `The bounding box reaches out of the frame of ${sized(size)}.`;
}

/** @param {any} box @param {Size} size */
function rotatedFault(box, size) {
  const shared = Math.abs(signedArea(clippedRing(corners(box), size)));
  return shared > 1e-6 ? "" : `The rotatable bounding box lies outside the frame of ${sized(size)}.`;
}

/** @param {any} box @param {Size} size */
function bitmaskFault(box, size) {
  const { left, top, width, height } = box;
  if (![left, top, width, height].every(Number.isInteger)) return "The bitmask's box is not whole pixels.";
  if (left < 0 || top < 0 || left + width > size.width || top + height > size.height) {
    return `The bitmask reaches out of the frame of ${sized(size)}.`;
  }
  const lengths = runs(box.counts);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== width * height) return `The mask's counts cover ${total} pixels; its size of ${width} by ${height} has ${width * height}.`;
  return lengths.some((length, index) => index % 2 && length > 0) ? "" : "The bitmask is empty: no pixel of it is set.";
}

/** @param {Point[]} ring */
function ringFault(ring) {
  const count = distinct(ring);
  if (count < 3) return `The polygon has ${count === 1 ? "1 point" : `${count} points`}; it needs at least 3.`;
  const [x0, y0] = ring[0] ?? [0, 0];
  const spokes = ring.map(([x, y]) => /** @type {Point} */ ([x - x0, y - y0]));
  const [lx, ly] = spokes.reduce((best, one) => (Math.abs(one[0]) + Math.abs(one[1]) > Math.abs(best[0]) + Math.abs(best[1]) ? one : best));
  const reach = Math.max(...spokes.map(([x, y]) => Math.abs(x * ly - y * lx)));
  return reach < SMALLEST * Math.hypot(lx, ly) ? "The polygon has no area: its points lie on one line." : "";
}

/** @param {ShapeKind} kind @param {any} shape @param {Size} size */
function pointsFault(kind, shape, size) {
  const name = KIND_NAMES[kind];
  const points = vertices(kind, shape).map(({ at }) => at);
  if (!points.length) return `The ${name}'s points are an empty list.`;
  const fault = finite(name, points.flat());
  if (fault) return fault;
  const out = points.find(([x, y]) => !holds(x, y, size));
  if (out) return `The ${name} reaches out of the frame of ${sized(size)}: it has a point at ${digits(out[0])}, ${digits(out[1])}.`;
  if (kind === "polyline" && distinct(points) < 2) return "The polyline has 1 point; it needs at least 2.";
  if (kind !== "polygon") return "";
  return shape.polygons.flat().map(ringFault).find(Boolean) ?? "";
}

/**
 * Say what is wrong with a shape; empty when it can be kept.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {Size} size of the frame
 * @param {{vertices?: number}} [template] how many vertices the skeleton's template has
 * @returns {string}
 */
export function fault(kind, shape, size, template = {}) {
  if (kind === "polygon" || kind === "polyline" || kind === "point") return pointsFault(kind, shape, size);
  const name = KIND_NAMES[kind];
  if (kind === "skeleton") {
    const [has, needs] = [shape.vertices.length, template.vertices ?? shape.vertices.length];
    if (has !== needs) return `The ${name} has ${has} vertices; its template has ${needs}.`;
    return pointsFault(kind, shape, size);
  }
  const numbers = [shape.left, shape.top, shape.width, shape.height, kind === "rotatable_bounding_box" ? shape.rotation : 0];
  const common = finite(name, numbers) || spacious(name, shape);
  if (common) return common;
  if (kind === "bitmask") return bitmaskFault(shape, size);
  return kind === "bounding_box" ? boxFault(shape, size) : rotatedFault(shape, size);
}
