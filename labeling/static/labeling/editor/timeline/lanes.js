// @ts-check
// One row of the timeline: solid by hand, hatched tracked, thin interpolated, dotted detected or imported.

import { paintHints } from "./hints.js";
import { indexAt } from "./track.js";

/** @typedef {import("./track.js").Track} Track */
/** @typedef {import("./track.js").Code} Code */
/** @typedef {import("./scale.js").TimeScale} TimeScale */
/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {{context: CanvasRenderingContext2D, scale: TimeScale, theme: Theme}} Brush `context` has its origin at the left edge of the frames */

export const ROW = 20;
const BAR_TOP = 4;
const BAR = 10;
const THIN = 3;
const REVIEW_TOP = 16;
/** From so many pixels a frame on, spans have an edge; farther out it would be all that is seen of short ones. */
const OUTLINED = 1;
/** Marks nearer than this to the one before are not drawn. */
const APART = 5;

/**
 * @param {Brush} brush
 * @param {Track} track
 * @param {number} top
 * @param {string} color
 */
export function paintTrack(brush, track, top, color) {
  for (const code of /** @type {Code[]} */ (["m", "d", "t", "i", "h"])) paintSpans(brush, track, top, code, color);
  paintDips(brush, track, top);
  paintAbsent(brush, track, top);
  const prompted = new Set(track.prompted);
  paintMarks(brush, prompted.size ? track.keys.filter((frame) => !prompted.has(frame)) : track.keys, top, diamond);
  paintMarks(brush, track.prompted, top, circle);
  paintHints(brush, track, top + BAR_TOP);
}

/**
 * @param {Brush} brush
 * @param {Track} track
 * @param {number} top
 * @param {Code} code
 * @param {string} color
 */
function paintSpans({ context, scale, theme }, { spans }, top, code, color) {
  const [y, height] = code === "i" ? [top + BAR_TOP + (BAR - THIN) / 2, THIN] : [top + BAR_TOP, BAR];
  const end = scale.start + scale.span;
  let painted = -1;
  context.beginPath();
  for (let index = indexAt(spans, Math.floor(scale.start)); index < spans.length; index += 1) {
    const span = spans[index];
    if (!span || span[0] > end) break;
    if (span[2] !== code) continue;
    const left = Math.max(scale.x(span[0]), 0);
    const right = Math.min(Math.max(scale.x(span[1] + 1), left + 1), scale.width);
    // Far out, many spans fall into one pixel.
    if (right <= painted) continue;
    context.rect(left, y, right - left, height);
    painted = Math.max(Math.ceil(left + 0.5), Math.floor(right));
  }
  if (painted < 0) return;
  if (scale.perFrame >= OUTLINED) outline(context, theme.colors.muted);
  context.fillStyle = code === "h" || code === "i" ? color : theme.pattern(context, code === "t" ? "hatch" : "dots", color);
  context.fill();
}

/** Light colours on a light page are seen by their edge. @param {CanvasRenderingContext2D} context @param {string} color */
function outline(context, color) {
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.stroke();
}

/** The bar dips where confidence drops. @param {Brush} brush @param {Track} track @param {number} top */
function paintDips({ context, scale, theme }, { low }, top) {
  if (!low.length) return;
  const half = Math.max(2.5, Math.min(scale.perFrame / 2, 8));
  const end = scale.start + scale.span;
  let before = -Infinity;
  context.beginPath();
  for (const [frame, confidence] of low) {
    if (frame < scale.start - 1 || frame > end) continue;
    const x = scale.middle(frame);
    if (x - before < half) continue;
    before = x;
    context.moveTo(x - half, top + BAR_TOP - 1);
    context.lineTo(x, top + BAR_TOP + (1 - confidence) * BAR);
    context.lineTo(x + half, top + BAR_TOP - 1);
  }
  context.fillStyle = theme.colors.surface;
  context.fill();
  context.strokeStyle = theme.colors.warn;
  context.lineWidth = 1.25;
  context.stroke();
}

/** A cross where a person said that it ends. @param {Brush} brush @param {Track} track @param {number} top */
function paintAbsent({ context, scale, theme }, { absent }, top) {
  const end = scale.start + scale.span;
  const y = top + BAR_TOP + BAR / 2;
  context.strokeStyle = theme.colors.muted;
  context.lineWidth = 1;
  context.beginPath();
  for (let index = indexAt(absent, Math.floor(scale.start)); index < absent.length; index += 1) {
    const range = absent[index];
    if (!range || range[0] > end) break;
    const x = scale.middle(range[0]);
    if (x >= -4) {
      for (const by of [-1, 1]) {
        context.moveTo(x - 3, y - 3 * by);
        context.lineTo(x + 3, y + 3 * by);
      }
    }
    for (let dot = Math.max(x + 6, 0); dot < Math.min(scale.x(range[1] + 1), scale.width); dot += 6) {
      context.moveTo(dot, y);
      context.lineTo(dot + 1.5, y);
    }
  }
  context.stroke();
}

/**
 * @param {Brush} brush
 * @param {number[]} frames
 * @param {number} top
 * @param {(context: CanvasRenderingContext2D, x: number, y: number) => void} mark
 */
function paintMarks({ context, scale, theme }, frames, top, mark) {
  if (!frames.length) return;
  const end = scale.start + scale.span;
  let before = -Infinity;
  context.beginPath();
  for (const frame of frames) {
    if (frame < scale.start - 1) continue;
    if (frame > end) break;
    const x = scale.middle(frame);
    if (x - before < APART) continue;
    mark(context, x, top + BAR_TOP + BAR / 2);
    before = x;
  }
  context.fillStyle = mark === diamond ? theme.colors.text : theme.colors.surface;
  context.fill();
  if (mark === diamond) return;
  context.strokeStyle = theme.colors.text;
  context.lineWidth = 1.25;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function diamond(context, x, y) {
  context.moveTo(x, y - 4);
  context.lineTo(x + 4, y);
  context.lineTo(x, y + 4);
  context.lineTo(x - 4, y);
  context.closePath();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function circle(context, x, y) {
  context.moveTo(x + 3.5, y);
  context.arc(x, y, 3.5, 0, 2 * Math.PI);
}

/**
 * A line below the bar: whole where accepted, in pieces where rejected.
 * @param {Brush} brush
 * @param {import("../types.js").Decision[]} decisions
 * @param {number} top
 */
export function paintDecisions({ context, scale, theme }, decisions, top) {
  for (const { first_frame: first, last_frame: last, decision } of decisions) {
    const left = Math.max(scale.x(first), 0);
    const right = Math.min(Math.max(scale.x(last + 1), scale.x(first) + 2), scale.width);
    if (right <= left) continue;
    context.fillStyle = decision === "accepted" ? theme.colors.good : theme.colors.bad;
    const piece = decision === "accepted" ? right - left : 3;
    for (let x = left; x < right; x += piece + 2) context.fillRect(x, top + REVIEW_TOP, Math.min(piece, right - x), 2);
  }
}
