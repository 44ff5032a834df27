// @ts-check
// What is in hand: selected labels, the draft, ghosts of other versions. On a layer of its own, so that moving one
// label never draws the others.

import { paintItem, paintedRect, penFor } from "./paint/item.js";
import { HALO, dash } from "./paint/strokes.js";
import { draftsOn, finished, itemOf } from "./scene.js";
import { instanceColor } from "./colors.js";
import { isBlank, overlap } from "./bounds.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Draft} Draft */
/** @typedef {import("./display.js").Display} Display */
/** @typedef {import("./layer.js").Layer} Layer */
/** @typedef {import("./scene.js").Item} Item */
/** @typedef {import("./paint/strokes.js").Pen} Pen */

const GHOST_COLOR = "#ffffff";
/** What is painted just now stands out from masks that lie still. */
const DRAFT_STRONGER = 0.2;

/**
 * @param {Layer} layer already begun in its view
 * @param {Bench} bench
 * @param {{items: Item[], compare: Label[] | null, frame: number, display: Display}} what
 */
export function paintActive(layer, bench, { items, compare, frame, display }) {
  const pen = penFor(layer.drawn.scale, layer.dots, display.opacity, false);
  const covered = layer.covered();
  const drafts = draftsOn(bench, frame).map((draft) => ({ draft, item: draftItem(bench, draft, display) }));
  layer.frameSpace();
  for (const { draft, item } of drafts) if (draft.mask) paintMask(layer, draft.mask, item.color, display.opacity);
  const ghosts = (compare ?? []).filter((one) => one.frame === frame).map((one) => ghostItem(bench, one, display, ""));
  const theirs = bench.ghost?.frame === frame ? ghostItem(bench, bench.ghost, display, "Theirs") : null;
  for (const item of [...ghosts, ...items, theirs]) {
    if (item && overlap(paintedRect(item, pen), covered)) paintItem(layer.context, item, pen);
  }
  for (const { draft, item } of drafts) {
    if (draft.shape && !isBlank(item.kind, draft.shape)) paintDraft(layer, item, pen, draft.instance === null);
  }
  layer.empty &&= !(drafts.length || items.length || ghosts.length || theirs);
}

/**
 * @param {Bench} bench
 * @param {Label} label
 * @param {Display} display
 * @param {string} tag
 * @returns {Item | null}
 */
function ghostItem(bench, label, display, tag) {
  const instance = bench.store.instances.get(label.instance);
  if (!instance || !label.shape) return null;
  const item = itemOf(bench, instance, label, display, null);
  return finished({ ...item, color: tag ? item.color : GHOST_COLOR, line: "ghost", filled: false, selected: false, faint: false, tag });
}

/**
 * @param {Bench} bench
 * @param {Draft} draft
 * @param {Display} display
 * @returns {Item}
 */
function draftItem(bench, draft, display) {
  const instance = draft.instance === null ? null : bench.store.instances.get(draft.instance);
  const of = bench.classOf({ object_class: draft.objectClass });
  const label = draft.instance === null ? undefined : bench.store.label(draft.instance, draft.frame);
  const item = instance && label ? itemOf(bench, instance, { ...label, shape: draft.shape }, display, null) : null;
  if (item) return { ...item, kind: of.shape, selected: true, faint: false };
  const color = instance && display.colorBy === "instance" ? instanceColor(instance) : of.color;
  return finished({
    key: draft.instance ?? "",
    number: 0,
    z: 0,
    kind: of.shape,
    shape: draft.shape,
    skeleton: of.skeleton,
    color,
    line: "solid",
    filled: true,
    selected: true,
    faint: false,
    dimmed: false,
    tag: "",
  });
}

/**
 * @param {Layer} layer
 * @param {Item} item
 * @param {Pen} pen
 * @param {boolean} unfinished corners are shown: they are all there is to aim at
 */
function paintDraft(layer, item, pen, unfinished) {
  const { context } = layer;
  paintItem(context, item, pen);
  if (!unfinished || (item.kind !== "polygon" && item.kind !== "polyline")) return;
  /** @type {import("../types.js").Point[][]} */
  const rings = item.kind === "polygon" ? item.shape.polygons.flat(1) : [item.shape.points];
  context.lineWidth = pen.pixel;
  context.strokeStyle = HALO;
  context.fillStyle = "#ffffff";
  dash(context, "solid", pen.pixel);
  const side = 5 * pen.pixel;
  for (const [x, y] of rings.flat(1)) {
    context.fillRect(x - side / 2, y - side / 2, side, side);
    context.strokeRect(x - side / 2, y - side / 2, side, side);
  }
}

/**
 * Tint the white pixels of a mask that is being painted, on a layer that is empty still.
 * @param {Layer} layer
 * @param {import("../types.js").MaskPicture} mask
 * @param {string} color
 * @param {number} opacity
 */
function paintMask({ context }, { left, top, width, height, canvas }, color, opacity) {
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, left, top, width, height);
  context.globalCompositeOperation = "source-in";
  context.globalAlpha = Math.min(1, opacity + DRAFT_STRONGER);
  context.fillStyle = color;
  context.fillRect(left, top, width, height);
  context.globalAlpha = 1;
  context.globalCompositeOperation = "source-over";
}
