// @ts-check
// What tools paint on the top layer, in CSS pixels of the stage: seen on any picture, light or dark.

import { VISIBILITY_NAMES } from "../geometry/skeletons.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../types.js").Point} Point */

export const ACCENT = "#12a594";
const LIGHT = "#ffffff";
const DARK = "rgb(12 18 16 / 85%)";
const FONT = "12px system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** A line that is dark under light. @param {Context} context @param {Point[]} points @param {{closed?: boolean, dashed?: boolean, color?: string}} [options] */
export function line(context, points, { closed = false, dashed = false, color = LIGHT } = {}) {
  context.beginPath();
  points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
  if (closed) context.closePath();
  stroke(context, color, dashed);
}

/** @param {Context} context @param {string} color @param {boolean} [dashed] */
function stroke(context, color, dashed = false) {
  context.setLineDash([]);
  context.lineWidth = 3;
  context.strokeStyle = DARK;
  context.stroke();
  context.setLineDash(dashed ? [5, 4] : []);
  context.lineWidth = 1.5;
  context.strokeStyle = color;
  context.stroke();
  context.setLineDash([]);
}

/** A square that resizes. @param {Context} context @param {Point} at @param {boolean} [active] */
export function square(context, [x, y], active = false) {
  context.beginPath();
  context.rect(x - 4.5, y - 4.5, 9, 9);
  fill(context, active ? ACCENT : LIGHT);
}

/** A dot: a vertex, or what turns. @param {Context} context @param {Point} at @param {{active?: boolean, radius?: number, hollow?: boolean}} [options] */
export function dot(context, [x, y], { active = false, radius = 4.5, hollow = false } = {}) {
  context.beginPath();
  context.arc(x, y, active ? radius + 1.5 : radius, 0, 2 * Math.PI);
  if (hollow && !active) stroke(context, LIGHT);
  else fill(context, active ? ACCENT : LIGHT);
}

/** @param {Context} context @param {string} color */
function fill(context, color) {
  context.fillStyle = color;
  context.strokeStyle = DARK;
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.fill();
  context.stroke();
}

/** A ring around a place that is snapped to. @param {Context} context @param {Point} at */
export function ring(context, [x, y], radius = 8) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  stroke(context, ACCENT);
}

/** Lines through a point, over all of the stage. @param {Context} context @param {Point} at @param {{width: number, height: number}} stage */
export function cross(context, [x, y], { width, height }) {
  context.beginPath();
  for (const [from, to] of /** @type {[Point, Point][]} */ ([[[0, y], [width, y]], [[x, 0], [x, height]]])) {
    context.moveTo(Math.round(from[0]) + 0.5, Math.round(from[1]) + 0.5);
    context.lineTo(Math.round(to[0]) + 0.5, Math.round(to[1]) + 0.5);
  }
  context.setLineDash([]);
  context.lineWidth = 1;
  context.strokeStyle = "rgb(0 0 0 / 45%)";
  context.stroke();
  context.setLineDash([4, 4]);
  context.strokeStyle = "rgb(255 255 255 / 80%)";
  context.stroke();
  context.setLineDash([]);
}

/** The edge of a round brush. @param {Context} context @param {Point} at @param {number} radius */
export function circle(context, [x, y], radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  stroke(context, LIGHT);
}

/** A few words beside a point. @param {Context} context @param {Point} at @param {string} text */
export function words(context, [x, y], text) {
  context.font = FONT;
  const width = context.measureText(text).width + 12;
  context.fillStyle = DARK;
  context.beginPath();
  context.roundRect(x + 12, y + 12, width, 20, 4);
  context.fill();
  context.fillStyle = LIGHT;
  context.textBaseline = "middle";
  context.fillText(text, x + 18, y + 22.5);
}

/** The area of a rubber band. @param {Context} context @param {import("../types.js").Rect} rect */
export function band(context, { left, top, width, height }) {
  context.fillStyle = "rgb(18 165 148 / 14%)";
  context.fillRect(left, top, width, height);
  context.beginPath();
  context.rect(left, top, width, height);
  stroke(context, LIGHT, true);
}

/** A skeleton's vertex in words. @param {string | undefined} name @param {string} visibility */
export function vertexWords(name, visibility) {
  return `${name || "Vertex"}, ${VISIBILITY_NAMES[visibility] ?? visibility}`;
}
