// @ts-check
// Which objects the table shows: words of its filter. Pure.

import { MADE_WORDS, SHAPE_WORDS } from "./facts.js";

/** @typedef {import("./facts.js").Row} Row */
/** @typedef {(row: Row) => boolean} Test */

/** What may be written, for the tip of the field. */
export const GRAMMAR = "Part of a name, or: here, hidden, locked, unsaved, class:car, shape:polygon, review:rejected, provenance:tracked, here:absent, score<0.5. A minus before a word turns it around.";

/** @type {Record<string, (row: Row, wanted: string) => boolean>} */
const FIELDS = {
  class: (row, wanted) => row.className.toLowerCase().includes(wanted),
  shape: (row, wanted) => SHAPE_WORDS[row.shape].includes(wanted) || row.shape.includes(wanted),
  review: (row, wanted) => row.review.startsWith(wanted),
  provenance: (row, wanted) => row.here.startsWith(wanted) || row.made.some((code) => MADE_WORDS[code].startsWith(wanted)),
  here: (row, wanted) => row.here.startsWith(wanted),
  name: (row, wanted) => row.name.toLowerCase().includes(wanted),
};

/** @type {Record<string, Test>} */
const WORDS = {
  here: (row) => row.here !== "none" && row.here !== "absent",
  hidden: (row) => row.hidden,
  locked: (row) => row.locked,
  unsaved: (row) => row.unsaved,
};

/**
 * The test that the text asks for: all of its words have to hold. Text in quotes is one word; a field without
 * a value yet (`class:`) asks for nothing.
 * @param {string} text
 * @returns {Test}
 */
export function parseFilter(text) {
  const tests = [...text.toLowerCase().matchAll(/(-?)((?:[a-z]+:)?"[^"]*"?|\S+)/g)].map(([, minus, word]) => {
    const test = testOf((word ?? "").replaceAll('"', ""));
    return minus ? (/** @type {Row} */ row) => !test(row) : test;
  });
  return (row) => tests.every((test) => test(row));
}

/** Whether what the filter asks differs from frame to frame. @param {string} text */
export function asksFrame(text) {
  return /\b(here|review|provenance|score|unsaved)\b/i.test(text);
}

/** @param {string} word @returns {Test} */
function testOf(word) {
  const known = WORDS[word];
  if (known) return known;
  const score = /^score([<>])(\d*\.?\d+)$/.exec(word);
  if (score) {
    const limit = Number(score[2]);
    return (row) => row.score !== null && (score[1] === "<" ? row.score < limit : row.score > limit);
  }
  const [field, value] = word.split(":", 2);
  const test = value === undefined ? undefined : FIELDS[field ?? ""];
  if (test && value !== undefined) return (row) => value === "" || test(row, value);
  return (row) => row.name.toLowerCase().includes(word) || row.className.toLowerCase().includes(word);
}
