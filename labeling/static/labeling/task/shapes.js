// @ts-check
// Drawing the seven shapes, and asking what lies under a point. All in pixels of the frame.

import { decode } from "./rle.js";

/** @typedef {import("./types.js").ShapeKind} ShapeKind */
/** @typedef {import("./types.js").ObjectClass} ObjectClass */
/** @typedef {import("./types.js").BoxShape} BoxShape */
/** @typedef {import("./types.js").Point} Point */

const RADIUS = 4;
const NEAR = 7;

/** @type {WeakMap<object, {mask: Uint8Array, canvas: OffscreenCanvas}>} */
const masks = new WeakMap();

/**
 * The outline of a shape, none for a bitmask.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {number} scale screen pixels per pixel of the frame
 * @param {[number, number][]} edges of a skeleton
 * @returns {Path2D}
 */
export function outline(kind, shape, scale, edges) {
  const path = new Path2D();
  if (kind === "bounding_box") path.rect(shape.left, shape.top, shape.width, shape.height);
  if (kind === "rotatable_bounding_box") ring(path, corners(shape), true);
  if (kind === "polygon") for (const polygon of shape.polygons) for (const one of polygon) ring(path, one, true);
  if (kind === "polyline") ring(path, shape.points, false);
  if (kind === "point") dot(path, shape.x, shape.y, (RADIUS + 1) / scale);
  if (kind === "skeleton") skeleton(path, shape.vertices, edges, scale);
  return path;
}

/**
 * @param {Path2D} path
 * @param {Point[]} points
 * @param {boolean} closed
 */
function ring(path, points, closed) {
  points.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
  if (closed) path.closePath();
}

/**
 * @param {Path2D} path
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function dot(path, x, y, radius) {
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * @param {Path2D} path
 * @param {import("./types.js").PointShape[]} vertices
 * @param {[number, number][]} edges
 * @param {number} scale
 */
function skeleton(path, vertices, edges, scale) {
  for (const [from, to] of edges) {
    const [start, end] = [vertices[from], vertices[to]];
    if (!start || !end || start.visibility === "invisible" || end.visibility === "invisible") continue;
    path.moveTo(start.x, start.y);
    path.lineTo(end.x, end.y);
  }
  for (const one of vertices) if (one.visibility !== "invisible") dot(path, one.x, one.y, RADIUS / scale);
}

/**
 * The corners of a turned box, clockwise from the top left.
 * @param {BoxShape & {rotation: number}} box
 * @returns {Point[]}
 */
export function corners(box) {
  const angle = (box.rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  /** @type {Point[]} */
  const signs = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
  return signs.map(([sx, sy]) => {
    const [dx, dy] = [(sx * box.width) / 2, (sy * box.height) / 2];
    return [x + dx * cos - dy * sin, y + dx * sin + dy * cos];
  });
}

/**
 * The pixels of a bitmask, decoded once, and a picture of them in `color`.
 * @param {import("./types.js").BitmaskShape} shape
 * @param {string} color
 */
export function bitmask(shape, color) {
  const known = masks.get(shape);
  if (known) return known;
  const mask = decode(shape.counts, shape.width, shape.height);
  const canvas = new OffscreenCanvas(shape.width, shape.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(shape.width, shape.height);
  const rgb = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  mask.forEach((inside, pixel) => inside && image.data.set([...rgb, 255], pixel * 4));
  context.putImageData(image, 0, 0);
  const made = { mask, canvas };
  masks.set(shape, made);
  return made;
}

/**
 * Where a shape's name is written: its top left.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @returns {Point}
 */
export function anchor(kind, shape) {
  const points = pointsOf(kind, shape);
  return [Math.min(...points.map(([x]) => x)), Math.min(...points.map(([, y]) => y))];
}

/**
 * @param {ShapeKind} kind
 * @param {any} shape
 * @returns {Point[]}
 */
function pointsOf(kind, shape) {
  if (kind === "polygon") return shape.polygons.flatMap((/** @type {Point[][]} */ one) => one[0] ?? []);
  if (kind === "polyline") return shape.points;
  if (kind === "point") return [[shape.x, shape.y]];
  if (kind === "skeleton") return shape.vertices.map((/** @type {any} */ one) => [one.x, one.y]);
  if (kind === "rotatable_bounding_box") return corners(shape);
  return [[shape.left, shape.top], [shape.left + shape.width, shape.top + shape.height]];
}

/**
 * Say whether the point lies on the shape.
 * @param {CanvasRenderingContext2D} context whose transform is the identity
 * @param {ObjectClass} one
 * @param {any} shape
 * @param {Point} point
 * @param {number} scale
 */
export function hits(context, one, shape, [x, y], scale) {
  if (one.shape === "bitmask") {
    const column = Math.floor(x - shape.left);
    const row = Math.floor(y - shape.top);
    if (column < 0 || row < 0 || column >= shape.width || row >= shape.height) return false;
    return bitmask(shape, one.color).mask[row * shape.width + column] === 1;
  }
  const path = outline(one.shape, shape, scale, one.edges);
  if (one.shape !== "polyline" && context.isPointInPath(path, x, y, "evenodd")) return true;
  context.lineWidth = (2 * NEAR) / scale;
  return context.isPointInStroke(path, x, y);
}
