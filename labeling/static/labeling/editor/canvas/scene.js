// @ts-check
// What is painted on a frame, and in which manner: worked out from the shared state, compared to paint only changes.

import { boundsOf } from "./bounds.js";
import { labelColor } from "./colors.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Draft} Draft */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {import("./display.js").Display} Display */
/** @typedef {"solid" | "dashed" | "dotted" | "dashdot" | "ghost"} Line */

/**
 * @typedef {object} Item one label as it is painted
 * @property {Key} key
 * @property {number} number of its instance
 * @property {number} z
 * @property {ShapeKind} kind
 * @property {any} shape
 * @property {import("../types.js").SkeletonTemplate | null} skeleton
 * @property {string} color
 * @property {Line} line
 * @property {boolean} filled
 * @property {boolean} selected
 * @property {boolean} faint rejected, or dimmed while others are looked at
 * @property {boolean} dimmed
 * @property {string} tag its name and marks; empty for none
 * @property {string} manner all of the above but the shape, as one string
 */

/** People's lines are solid, trackers' and detectors' dashed, interpolated ones dotted, imported ones dashed and dotted. */
const LINES = /** @type {Record<string, Line>} */ ({
  manual: "solid",
  prompted: "solid",
  tracked: "dashed",
  detected: "dashed",
  interpolated: "dotted",
  imported: "dashdot",
});
const REVIEWED = { accepted: "✓", rejected: "✕", unreviewed: "" };
const OCCLUDED = "◐";

/**
 * The labels of a frame as they are painted, in painting order. Absent marks, hidden objects and the label that a
 * draft stands for are not.
 * @param {Bench} bench
 * @param {number} frame
 * @param {Display} display
 * @param {Set<Key> | null} dim all others are dimmed
 * @returns {Item[]}
 */
export function sceneOf(bench, frame, display, dim) {
  const { store, hidden } = bench;
  const drafted = new Set(draftsOn(bench, frame).map((one) => one.instance));
  /** @type {Item[]} */
  const items = [];
  for (const label of store.labelsOn(frame)) {
    if (!label.shape || hidden.has(label.instance) || drafted.has(label.instance)) continue;
    const instance = store.instances.get(label.instance);
    if (instance) items.push(itemOf(bench, instance, label, display, dim));
  }
  return items;
}

/** All that is being drawn or moved on a frame. @param {Bench} bench @param {number} frame @returns {Draft[]} */
export function draftsOn({ draft }, frame) {
  return draft && draft.frame === frame ? [draft, ...(draft.others ?? [])] : [];
}

/**
 * @param {Bench} bench
 * @param {Instance} instance
 * @param {Label} label
 * @param {Display} display
 * @param {Set<Key> | null} dim
 * @returns {Item}
 */
export function itemOf(bench, instance, label, display, dim) {
  const of = bench.classOf(instance);
  const selected = bench.selection.has(label.instance);
  const dimmed = dim !== null && !dim.has(label.instance);
  return finished({
    key: label.instance,
    number: instance.number,
    z: label.z_order,
    kind: of.shape,
    shape: label.shape,
    skeleton: of.skeleton,
    color: labelColor(bench, instance, label, display.colorBy),
    line: LINES[label.provenance] ?? "solid",
    filled: true,
    selected,
    faint: dimmed || label.review === "rejected",
    dimmed,
    tag: dimmed ? "" : tagOf(instance, label, display, selected),
  });
}

/** @param {Omit<Item, "manner">} item @returns {Item} */
export function finished(item) {
  const { kind, color, line, selected, faint, tag, z, filled } = item;
  return { ...item, manner: `${kind} ${color} ${line} ${selected} ${faint} ${z} ${filled} ${tag}` };
}

/**
 * What is written on a label: its name where names are wanted, and always its marks.
 * @param {Instance} instance
 * @param {Label} label
 * @param {Display} display
 * @param {boolean} selected
 */
function tagOf(instance, label, display, selected) {
  const named = display.names || selected;
  const score = display.colorBy === "confidence" && named ? label.confidence.toFixed(2) : "";
  const parts = [named ? instance.name : "", score, label.occluded ? OCCLUDED : "", REVIEWED[label.review] ?? ""];
  return parts.filter(Boolean).join(" ");
}

/** @param {Item} item @returns {Rect} */
export function itemBounds(item) {
  return boundsOf(item.kind, item.shape);
}
