// @ts-check
// Painting labels on a context whose units are pixels of the frame. `pixel` is one screen pixel in them.

import { anchor, bitmask, corners, outline } from "./shapes.js";

/** @typedef {import("./types.js").ObjectClass} ObjectClass */
/** @typedef {import("./types.js").Label} Label */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {CanvasRenderingContext2D} Context */

const HANDLE = 9;
const SHADE = "rgb(0 0 0 / 55%)";
const REVIEWED = { accepted: " ✓", rejected: " ✕", unreviewed: "" };

/**
 * @typedef {object} Face how a label is painted
 * @property {ObjectClass} of
 * @property {string} name
 * @property {boolean} selected
 * @property {boolean} editable
 * @property {number} width of the frame
 */

/**
 * @param {Context} context
 * @param {Label} label
 * @param {Face} face
 * @param {number} pixel
 */
export function paintLabel(context, label, face, pixel) {
  const { of, selected } = face;
  context.globalAlpha = label.review === "rejected" ? 0.45 : 1;
  if (of.shape === "bitmask") paintMask(context, label.shape, of.color, selected);
  else paintOutline(context, outline(of.shape, label.shape, 1 / pixel, of.edges), label, face, pixel);
  const mark = REVIEWED[/** @type {keyof typeof REVIEWED} */ (label.review)] ?? "";
  paintName(context, anchor(of.shape, label.shape), face.name + mark, face, pixel);
  context.globalAlpha = 1;
  if (selected && face.editable) paintHandles(context, handles(of.shape, label.shape), of.color, pixel);
}

/**
 * People's labels have solid lines, machines' dashed ones.
 * @param {Context} context
 * @param {Path2D} path
 * @param {Label} label
 * @param {Face} face
 * @param {number} pixel
 */
function paintOutline(context, path, label, { of, selected }, pixel) {
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * (selected ? 0.28 : 0.14);
  context.fillStyle = of.color;
  if (of.shape !== "polyline" && of.shape !== "skeleton") context.fill(path, "evenodd");
  context.globalAlpha = alpha;
  context.setLineDash([]);
  context.lineWidth = (selected ? 4.5 : 3.5) * pixel;
  context.strokeStyle = SHADE;
  context.stroke(path);
  if (!label.protected) context.setLineDash([7 * pixel, 4 * pixel]);
  context.lineWidth = (selected ? 2.5 : 1.75) * pixel;
  context.strokeStyle = of.color;
  context.stroke(path);
  context.setLineDash([]);
}

/**
 * @param {Context} context
 * @param {import("./types.js").BitmaskShape} shape
 * @param {string} color
 * @param {boolean} selected
 */
function paintMask(context, shape, color, selected) {
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * (selected ? 0.6 : 0.4);
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmask(shape, color).canvas, shape.left, shape.top);
  context.globalAlpha = alpha;
}

/**
 * @param {Context} context
 * @param {Point} point
 * @param {string} text
 * @param {Face} face
 * @param {number} pixel
 */
function paintName(context, [x, y], text, { of, width: frame }, pixel) {
  context.font = `600 ${12 * pixel}px system-ui, sans-serif`;
  const width = context.measureText(text).width + 10 * pixel;
  const height = 18 * pixel;
  const top = Math.max(0, y - height);
  const left = Math.min(Math.max(0, x), Math.max(0, frame - width));
  context.fillStyle = of.color;
  context.fillRect(left, top, width, height);
  context.fillStyle = legible(of.color);
  context.textBaseline = "middle";
  context.fillText(text, left + 5 * pixel, top + height / 2);
}

/**
 * @param {Context} context
 * @param {Point[]} points
 * @param {string} color
 * @param {number} pixel
 */
function paintHandles(context, points, color, pixel) {
  const half = (HANDLE / 2) * pixel;
  context.fillStyle = "#ffffff";
  context.strokeStyle = color;
  context.lineWidth = 2 * pixel;
  for (const [x, y] of points) {
    context.fillRect(x - half, y - half, 2 * half, 2 * half);
    context.strokeRect(x - half, y - half, 2 * half, 2 * half);
  }
}

/**
 * @param {Context} context
 * @param {import("./types.js").BoxShape} box
 * @param {string} color
 * @param {number} pixel
 */
export function paintDraft(context, box, color, pixel) {
  for (const [width, style] of /** @type {[number, string][]} */ ([[3.5, SHADE], [2, color]])) {
    context.lineWidth = width * pixel;
    context.strokeStyle = style;
    context.strokeRect(box.left, box.top, box.width, box.height);
  }
}

/**
 * The points by which a box is resized, clockwise from the top left: corners and middles of sides.
 * A turned box shows its corners, and is moved only.
 * @param {import("./types.js").ShapeKind} kind
 * @param {any} shape
 * @returns {Point[]}
 */
export function handles(kind, shape) {
  if (kind === "rotatable_bounding_box" && shape.rotation) return corners(shape);
  if (kind !== "bounding_box" && kind !== "rotatable_bounding_box") return [];
  const { left, top, width, height } = shape;
  const [right, bottom, x, y] = [left + width, top + height, left + width / 2, top + height / 2];
  return [[left, top], [x, top], [right, top], [right, y], [right, bottom], [x, bottom], [left, bottom], [left, y]];
}

/**
 * Black or white, whichever reads better on `color` (relative luminance, WCAG 2).
 * @param {string} color
 */
function legible(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0) > 0.18 ? "#000000" : "#ffffff";
}
