// @ts-check
// What the table says of an object: on the frame that is shown, and over all of its frames.

import { standing } from "../jobs/runs.js";
import { CODE_WORDS, stateAt } from "../timeline/track.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {import("../timeline/track.js").Code} Code */
/** @typedef {"drawn" | "prompted" | "detected" | "tracked" | "interpolated" | "imported" | "absent" | "none"} Here */
/** @typedef {"accepted" | "rejected" | "unreviewed" | "partly"} Review */

/**
 * @typedef {object} Row
 * @property {Key} key
 * @property {string} name
 * @property {number} number
 * @property {number} place of its class in the ontology
 * @property {string} className
 * @property {string} color
 * @property {ShapeKind} shape
 * @property {Here} here
 * @property {number | null} score of the label here, when a machine made it
 * @property {Code[]} made who made its labels, over all frames
 * @property {Review} review of the label here, else of the object
 * @property {number | null} first
 * @property {number | null} last
 * @property {number} count
 * @property {boolean} hidden
 * @property {boolean} locked
 * @property {boolean} unsaved
 * @property {string} working how far a run at work on it is
 */

/** @type {Record<import("../types.js").Provenance, Here>} */
const HERE = { manual: "drawn", prompted: "prompted", detected: "detected", tracked: "tracked", interpolated: "interpolated", imported: "imported" };
/** @type {Record<Code, Here>} */
const OF_CODE = { h: "drawn", t: "tracked", d: "detected", i: "interpolated", m: "imported" };
/** @type {Record<Code, string>} */
export const MADE_WORDS = { h: "drawn", t: "tracked", d: "detected", i: "interpolated", m: "imported" };
/** @type {Record<ShapeKind, string>} */
export const SHAPE_WORDS = {
  bounding_box: "box", rotatable_bounding_box: "rotated box", polygon: "polygon", bitmask: "bitmask",
  polyline: "polyline", point: "keypoint", skeleton: "skeleton",
};

/** @param {Bench} bench @param {Key} key @returns {Row | null} */
export function rowOf(bench, key) {
  const instance = bench.store.instances.get(key);
  if (!instance) return null;
  const label = bench.store.label(key, bench.shown);
  const { name: className, color, shape } = bench.classOf(instance);
  return {
    key, name: instance.name, number: instance.number, place: placeOf(bench, instance.object_class), className, color, shape,
    here: hereOf(bench, key, label),
    score: label?.shape && !label.protected ? label.confidence : null,
    made: madeOf(bench, key),
    review: reviewOf(bench, key, label),
    ...instance.labelled,
    working: bench.runs.workingOn(instance.id).map(standing).join(", "),
    hidden: bench.hidden.has(key), locked: bench.locked.has(key), unsaved: label?.unsaved ?? false,
  };
}

/** What a row says in words, for those who hear it. @param {Row} row */
export function rowText(row) {
  const score = row.score === null ? "" : ` ${row.score.toFixed(2)}`;
  return `${row.name}, ${row.here === "none" ? "no label here" : `${row.here}${score}`}`;
}

/** @param {Bench} bench @param {number} id */
function placeOf(bench, id) {
  let place = 0;
  for (const known of bench.classes.keys()) {
    if (known === id) return place;
    place += 1;
  }
  return place;
}

/** The label says it; where it was not read yet, the track. @param {Bench} bench @param {Key} key @param {Label | undefined} label @returns {Here} */
function hereOf(bench, key, label) {
  if (label) return label.shape ? HERE[label.provenance] : "absent";
  if (bench.store.loaded(bench.shown)) return "none";
  const state = stateAt(bench.tracks.of(key), bench.shown);
  return state === null ? "none" : state === "absent" ? "absent" : OF_CODE[state];
}

/** @param {Bench} bench @param {Key} key @returns {Code[]} */
function madeOf(bench, key) {
  const found = new Set(bench.tracks.of(key).spans.map((span) => span[2]));
  return /** @type {Code[]} */ (Object.keys(CODE_WORDS)).filter((code) => found.has(code));
}

/** @param {Bench} bench @param {Key} key @param {Label | undefined} label @returns {Review} */
function reviewOf(bench, key, label) {
  if (label) return label.review;
  const decisions = bench.store.decisions(key);
  if (!decisions.length) return "unreviewed";
  const kinds = new Set(decisions.map((one) => one.decision));
  if (kinds.has("rejected")) return "rejected";
  const { first, last } = bench.facts;
  return decisions.some((one) => one.first_frame <= first && one.last_frame >= last) ? "accepted" : "partly";
}
