// @ts-check
// The ruler above the rows, damaged spans and pins on it, and what moves above all: playhead, range, pointer.

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./lanes.js").Brush} Brush */

export const RULER = 22;

/** @param {Brush} brush @param {Bench} bench */
export function paintRuler({ context, scale, theme }, bench) {
  const { colors } = theme;
  context.fillStyle = colors.sunken;
  context.fillRect(0, 0, scale.width, RULER - 1);
  context.fillStyle = colors["line-strong"];
  context.fillRect(0, RULER - 1, scale.width, 1);
  for (const [first, last] of bench.facts.damaged) {
    const left = Math.max(scale.x(first), 0);
    const right = Math.min(Math.max(scale.x(last + 1), left + 2), scale.width);
    context.fillStyle = theme.pattern(context, "hatch", colors.warn);
    if (right > left) context.fillRect(left, 0, right - left, RULER - 1);
  }
  context.fillStyle = colors.muted;
  context.textAlign = "left";
  for (const frame of scale.ticks()) {
    const x = Math.round(scale.middle(frame));
    context.fillRect(x, RULER - 6, 1, 5);
    const text = String(frame);
    const room = scale.width - context.measureText(text).width - 2;
    context.fillText(text, Math.min(x + 3, room), 11);
  }
  paintPins({ context, scale, theme }, bench);
}

/** @param {Brush} brush @param {Bench} bench */
function paintPins({ context, scale, theme }, { marks }) {
  const tones = [theme.colors.info, theme.colors.warn, theme.colors.accent];
  [...marks.values()].forEach((frames, index) => {
    let before = -Infinity;
    context.fillStyle = tones[index % tones.length] ?? theme.colors.info;
    context.beginPath();
    for (const frame of frames) {
      const x = scale.middle(frame);
      if (x < 0 || x > scale.width || Math.abs(x - before) < 3) continue;
      context.moveTo(x - 4, RULER - 8);
      context.lineTo(x + 4, RULER - 8);
      context.lineTo(x, RULER - 2);
      before = x;
    }
    context.fill();
  });
}

/** Where the media is damaged, through all rows. @param {Brush} brush @param {Bench} bench @param {number} height */
export function paintDamage({ context, scale, theme }, bench, height) {
  context.fillStyle = theme.colors["warn-soft"];
  for (const [first, last] of bench.facts.damaged) {
    const left = Math.max(scale.x(first), 0);
    const right = Math.min(Math.max(scale.x(last + 1), left + 2), scale.width);
    if (right > left) context.fillRect(left, RULER, right - left, height - RULER);
  }
}

/**
 * @param {Brush} brush
 * @param {{range: [number, number] | null, frame: number, hover: number | null, height: number}} state
 */
export function paintAbove({ context, scale, theme }, { range, frame, hover, height }) {
  const { colors } = theme;
  if (range) paintRange(context, Math.max(scale.x(range[0]), -2), Math.min(scale.x(range[1] + 1), scale.width + 2), height, colors.accent);
  if (hover !== null && hover !== frame) {
    context.fillStyle = colors["line-strong"];
    context.fillRect(Math.round(scale.middle(hover)), 0, 1, height);
    flag(context, scale, hover, colors.muted, colors.surface);
  }
  const x = Math.round(scale.middle(frame));
  if (x < -1 || x > scale.width + 1) return;
  context.fillStyle = colors.accent;
  context.fillRect(x - 1, 0, 2, height);
  flag(context, scale, frame, colors.accent, colors.surface);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} right
 * @param {number} height
 * @param {string} color
 */
function paintRange(context, left, right, height, color) {
  context.fillStyle = color;
  context.globalAlpha = 0.14;
  context.fillRect(left, 0, right - left, height);
  context.globalAlpha = 1;
  context.fillRect(left, 0, 1, height);
  context.fillRect(right - 1, 0, 1, height);
  context.fillRect(left, 0, right - left, 3);
}

/**
 * The number of a frame on its line.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./scale.js").TimeScale} scale
 * @param {number} frame
 * @param {string} color
 * @param {string} ink
 */
function flag(context, scale, frame, color, ink) {
  const text = String(frame);
  const width = context.measureText(text).width + 8;
  const left = Math.min(Math.max(scale.middle(frame) - width / 2, 0), scale.width - width);
  context.fillStyle = color;
  context.beginPath();
  context.roundRect(left, 1, width, 15, 3);
  context.fill();
  context.fillStyle = ink;
  context.textAlign = "left";
  context.fillText(text, left + 4, 12);
}
