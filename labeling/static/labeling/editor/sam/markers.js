// @ts-check
// Where a person pointed: a green plus includes, a red minus excludes. Never told by colour alone.

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../types.js").Point} Point */

const INCLUDE = "#1f9d55";
const EXCLUDE = "#d63a2f";
const RIM = "#ffffff";
const RADIUS = 7;
const ARM = 3.5;
const RING = 13;
const TURN_MS = 1100;

/** @param {Context} context in CSS pixels of the stage @param {Point} at @param {boolean} include */
export function marker(context, [x, y], include) {
  context.setLineDash([]);
  context.beginPath();
  context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  context.fillStyle = include ? INCLUDE : EXCLUDE;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = RIM;
  context.stroke();
  context.beginPath();
  context.moveTo(x - ARM, y);
  context.lineTo(x + ARM, y);
  if (include) {
    context.moveTo(x, y - ARM);
    context.lineTo(x, y + ARM);
  }
  context.lineWidth = 2;
  context.stroke();
}

/** A ring around where an answer is waited for; it turns, unless the person wants little motion. @param {Context} context @param {Point} at */
export function waitingRing(context, [x, y]) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const start = still ? 0 : ((performance.now() % TURN_MS) / TURN_MS) * 2 * Math.PI;
  context.beginPath();
  context.arc(x, y, RING, start, start + 1.5 * Math.PI);
  context.setLineDash(still ? [4, 4] : []);
  context.lineWidth = 4;
  context.strokeStyle = "rgb(12 18 16 / 70%)";
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = RIM;
  context.stroke();
  context.setLineDash([]);
}
