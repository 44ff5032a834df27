// @ts-check
// The prompt layer: the draft in the colour of its class, the points and the box that it was asked with.

import { pathOf, levelOf } from "../canvas/paths.js";
import { lineColor } from "../canvas/colors.js";
import { band } from "../tools/ink.js";
import { marker, waitingRing } from "./markers.js";
import { Sheet } from "./sheet.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../canvas/viewport.js").Viewport} Viewport */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("./draft.js").SamDraft} SamDraft */
/** @typedef {import("./sam.js").Sam} Sam */
/** @typedef {import("./types.js").Click} Click */
/** @typedef {import("./types.js").Found} Found */

const FILL = 0.42;
const POINTED = 0.7;
const DARK = "rgb(12 18 16 / 80%)";
const sheet = new Sheet();

/**
 * @param {Context} context in CSS pixels of the stage
 * @param {Viewport} viewport
 * @param {Sam} sam
 * @param {{box: Rect | null, pressed: Click | null}} hand what is under the finger just now
 */
export function paintSam(context, viewport, sam, { box, pressed }) {
  const { draft } = sam;
  if (draft) showShapes(context, viewport, sam, draft);
  const shown = box ?? draft?.box ?? null;
  if (shown) paintBox(context, viewport, shown, box !== null);
  for (const one of [...(draft?.points ?? []), ...(pressed ? [pressed] : [])]) marker(context, viewport.toScreen(one.x, one.y), one.include);
  if (draft && sam.waiting.ring) waitingRing(context, viewport.toScreen(...middleOf(draft)));
}

/** @param {Context} context @param {Viewport} viewport @param {Sam} sam @param {SamDraft} draft */
function showShapes(context, viewport, sam, draft) {
  const { of } = draft.subject;
  const shown = draft.mode === "object" ? draft.shapes.slice(0, 1) : sam.results.kept;
  if (shown.length) sheet.show(context, viewport, [of, sam.pointed, ...shown], (onto) => paintShapes(onto, viewport, of, shown, sam.pointed));
}

/** @param {Context} context @param {Viewport} viewport @param {ObjectClass} of @param {Found[]} shown @param {Found | null} pointed */
function paintShapes(context, viewport, of, shown, pointed) {
  context.translate(viewport.left, viewport.top);
  context.scale(viewport.scale, viewport.scale);
  for (const one of shown) {
    const { path } = pathOf(of.shape, one.shape, levelOf(viewport.scale));
    context.globalAlpha = one === pointed ? POINTED : FILL;
    context.fillStyle = of.color;
    context.fill(path, "evenodd");
    context.globalAlpha = 1;
    for (const [width, color] of /** @type {[number, string][]} */ ([[3.5, DARK], [2, lineColor(of.color)]])) {
      context.lineWidth = width / viewport.scale;
      context.strokeStyle = color;
      context.stroke(path);
    }
  }
}

/** @param {Context} context @param {Viewport} viewport @param {Rect} box @param {boolean} held */
function paintBox(context, viewport, { left, top, width, height }, held) {
  const [x, y] = viewport.toScreen(left, top);
  const rect = { left: x, top: y, width: width * viewport.scale, height: height * viewport.scale };
  if (held) {
    band(context, rect);
    return;
  }
  context.setLineDash([5, 4]);
  context.lineWidth = 1;
  context.strokeStyle = "#ffffff";
  context.strokeRect(rect.left, rect.top, rect.width, rect.height);
  context.setLineDash([]);
}

/** Where an answer is waited for. @param {SamDraft} draft @returns {import("../types.js").Point} */
function middleOf({ order, points, box }) {
  const point = points.at(-1);
  if (box && (order.at(-1) === "box" || !point)) return [box.left + box.width / 2, box.top + box.height / 2];
  return point ? [point.x, point.y] : [0, 0];
}
