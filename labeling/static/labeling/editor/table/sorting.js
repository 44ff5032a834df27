// @ts-check
// The orders of the table. Pure.

import { SHAPE_WORDS } from "./facts.js";

/** @typedef {import("./facts.js").Row} Row */
/** @typedef {"name" | "shape" | "here" | "score" | "made" | "review" | "frames"} Column */
/** @typedef {{column: Column, down: boolean}} Sorting */

/** Columns that say something else on another frame. @type {Set<Column>} */
export const OF_FRAME = new Set(["here", "score", "review"]);

const HERE = ["drawn", "prompted", "detected", "tracked", "interpolated", "imported", "absent", "none"];
const REVIEWS = ["rejected", "unreviewed", "partly", "accepted"];

/** @type {Record<Column, (row: Row) => number | string>} */
const VALUES = {
  name: () => 0,
  shape: (row) => SHAPE_WORDS[row.shape],
  here: (row) => HERE.indexOf(row.here),
  score: (row) => row.score ?? Infinity,
  made: (row) => row.made.join(),
  review: (row) => REVIEWS.indexOf(row.review),
  frames: (row) => row.first ?? Infinity,
};

/** Rows in the order that was asked for; those that are alike by class and number. @param {Row[]} rows @param {Sorting} sorting */
export function sorted(rows, { column, down }) {
  const value = VALUES[column];
  const sign = down ? -1 : 1;
  const decorated = rows.map((row) => ({ row, value: value(row) }));
  decorated.sort((a, b) => sign * (compared(a.value, b.value) || (column === "name" ? byName(a.row, b.row) : 0)) || byName(a.row, b.row));
  return decorated.map((one) => one.row);
}

/** @param {Row} a @param {Row} b */
function byName(a, b) {
  return a.place - b.place || (a.number || Infinity) - (b.number || Infinity) || (a.key < b.key ? -1 : 1);
}

/** @param {number | string} a @param {number | string} b */
function compared(a, b) {
  return a === b ? 0 : a < b ? -1 : 1;
}
