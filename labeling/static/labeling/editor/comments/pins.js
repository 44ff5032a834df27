// @ts-check
// Pins of comments over the frame: painted above everything, and found by a click.

import { pinnedOn } from "./threads.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./discussion.js").Discussion} Discussion */

const RADIUS = 11;

/**
 * Paint the pins of the shown frame.
 * @param {Bench} bench
 * @param {Discussion} discussion
 */
export function paintPins(bench, discussion) {
  bench.canvas.painters.add((context, viewport) => {
    pinnedOn(discussion.threads, bench.shown).forEach(({ first, replies }) => {
      const [x, y] = viewport.toScreen(first.x ?? 0, first.y ?? 0);
      paintPin(context, x, y, replies.length + 1);
    });
  });
  discussion.addEventListener("change", () => bench.canvas.invalidate());
}

/**
 * A drop whose tip is at the point, with the number of comments in it.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} count
 */
function paintPin(context, x, y, count) {
  context.save();
  context.translate(x, y - RADIUS * 1.6);
  context.beginPath();
  context.arc(0, 0, RADIUS, Math.PI * 0.8, Math.PI * 0.2);
  context.lineTo(0, RADIUS * 1.6);
  context.closePath();
  context.fillStyle = "#ffd54a";
  context.strokeStyle = "#1b1b1b";
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
  context.fillStyle = "#1b1b1b";
  context.font = "600 11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(count), 0, 0);
  context.restore();
}

/**
 * The thread whose pin is under the pointer.
 * @param {Bench} bench
 * @param {Discussion} discussion
 * @param {number} screenX CSS pixels of the stage
 * @param {number} screenY
 */
export function pinAt(bench, discussion, screenX, screenY) {
  return pinnedOn(discussion.threads, bench.shown).find(({ first }) => {
    const [x, y] = bench.viewport.toScreen(first.x ?? 0, first.y ?? 0);
    return Math.hypot(screenX - x, screenY - (y - RADIUS * 1.6)) <= RADIUS + 4;
  });
}
