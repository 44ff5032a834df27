// @ts-check
// Lines that can be read on any picture: a coloured one over a wider dark one, dashed by where the label came from.

import { lineColor } from "../colors.js";

/** @typedef {import("../scene.js").Item} Item */
/** @typedef {import("../scene.js").Line} Line */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context whose units are pixels of the frame */

/**
 * @typedef {object} Pen
 * @property {number} pixel one CSS pixel, in pixels of the frame
 * @property {number} level how finely outlines are drawn
 * @property {number} opacity of fills
 * @property {boolean} thin hairlines: many labels are seen
 * @property {number} dots device pixels a CSS pixel
 */

export const HALO = "rgb(0 0 0 / 60%)";
const DASHES = /** @type {Record<Line, number[]>} */ ({
  solid: [],
  dashed: [7, 4],
  dotted: [2, 3],
  dashdot: [8, 3, 1.5, 3],
  ghost: [4, 4],
});
export const FAINT = 0.4;

/**
 * Stroke a path as the item wants it.
 * @param {Context} context
 * @param {Path2D} path
 * @param {Item} item
 * @param {Pen} pen
 */
export function strokeLine(context, path, item, pen) {
  const { pixel } = pen;
  context.lineJoin = "bevel";
  context.globalAlpha = item.faint ? FAINT : 1;
  if (pen.thin && !item.selected) {
    strokeHairline(context, path, item, pen);
    return;
  }
  context.lineWidth = (item.selected ? 4.75 : 3.5) * pixel;
  context.strokeStyle = HALO;
  context.stroke(path);
  context.lineWidth = (item.selected ? 2.75 : 1.75) * pixel;
  context.strokeStyle = lineColor(item.color);
  dash(context, item.line, pixel);
  context.stroke(path);
  dash(context, "solid", pixel);
}

/**
 * Lines of one device pixel are drawn many times faster; the dark one lies beside instead of around.
 * @param {Context} context
 * @param {Path2D} path
 * @param {Item} item
 * @param {Pen} pen
 */
function strokeHairline(context, path, item, { pixel, dots }) {
  const one = pixel / dots;
  context.lineWidth = one;
  context.strokeStyle = HALO;
  context.translate(one, one);
  context.stroke(path);
  context.translate(-one, -one);
  context.strokeStyle = lineColor(item.color);
  dash(context, item.line, pixel);
  context.stroke(path);
  dash(context, "solid", pixel);
}

/**
 * @param {Context} context
 * @param {Line} line
 * @param {number} pixel
 */
export function dash(context, line, pixel) {
  context.setLineDash(DASHES[line].map((length) => length * pixel));
}

/**
 * A dot with a dark rim; hollow where the point is occluded.
 * @param {Context} context
 * @param {{x: number, y: number}} at
 * @param {{color: string, radius: number, hollow: boolean}} dot radius in CSS pixels
 * @param {number} pixel
 */
export function paintDot(context, { x, y }, { color, radius, hollow }, pixel) {
  context.beginPath();
  context.arc(x, y, radius * pixel, 0, 2 * Math.PI);
  context.lineWidth = (hollow ? 4 : 2.5) * pixel;
  context.strokeStyle = HALO;
  context.stroke();
  if (hollow) {
    context.lineWidth = 2 * pixel;
    context.strokeStyle = lineColor(color);
    context.stroke();
  } else {
    context.fillStyle = lineColor(color);
    context.fill();
  }
}
