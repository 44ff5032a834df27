// @ts-check
// What tracking noticed itself, above the bar of an object: a triangle where its score fell, a bolt where it may be another from there on.

/** @typedef {import("./track.js").Track} Track */
/** @typedef {import("./lanes.js").Brush} Brush */

/** Marks nearer than this to the one before are not drawn. */
const APART = 5;

/**
 * @param {Brush} brush
 * @param {Track} track
 * @param {number} top of the bar
 */
export function paintHints(brush, { drops, jumps }, top) {
  paint(brush, drops, top, triangle, brush.theme.colors.warn);
  paint(brush, jumps, top, bolt, brush.theme.colors.bad);
}

/**
 * @param {Brush} brush
 * @param {[number, number][]} hints
 * @param {number} top
 * @param {(context: CanvasRenderingContext2D, x: number, y: number) => void} mark
 * @param {string} color
 */
function paint({ context, scale }, hints, top, mark, color) {
  const end = scale.start + scale.span;
  let before = -Infinity;
  context.beginPath();
  for (const [frame] of hints) {
    if (frame < scale.start - 1 || frame > end) continue;
    const x = scale.middle(frame);
    if (x - before < APART) continue;
    mark(context, x, top - 3);
    before = x;
  }
  context.fillStyle = color;
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function triangle(context, x, y) {
  context.moveTo(x - 3.5, y);
  context.lineTo(x + 3.5, y);
  context.lineTo(x, y + 5);
  context.closePath();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function bolt(context, x, y) {
  context.moveTo(x + 2, y - 1);
  context.lineTo(x - 3, y + 4);
  context.lineTo(x - 0.5, y + 4);
  context.lineTo(x - 2, y + 8);
  context.lineTo(x + 3, y + 2.5);
  context.lineTo(x + 0.5, y + 2.5);
  context.closePath();
}
