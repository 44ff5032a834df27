// @ts-check
// Answers and decisions hold over inclusive ranges of frames; a new one cuts those that it covers. Pure.

/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {import("../types.js").Decision} Decision */
/** @typedef {import("../types.js").ReviewState} ReviewState */

/**
 * Cut `first` to `last` out of the rows; a row that reaches out on both sides becomes two.
 * Rows without a range (static answers) stay.
 * @template {{first_frame: number | null, last_frame: number | null}} Row
 * @param {Row[]} rows
 * @param {number} first
 * @param {number} last inclusive
 * @returns {Row[]}
 */
export function cut(rows, first, last) {
  return rows.flatMap((row) => {
    const { first_frame: start, last_frame: end } = row;
    if (start === null || end === null || start > last || end < first) return [row];
    const rest = [];
    if (start < first) rest.push({ ...row, last_frame: first - 1 });
    if (end > last) rest.push({ ...row, first_frame: last + 1 });
    return rest;
  });
}

/**
 * Answer a question: over a range, or for all frames (both null). A null value takes the answer back.
 * @param {Answer[]} rows answers to all questions about one thing
 * @param {Answer} answer
 * @returns {Answer[]}
 */
export function answered(rows, answer) {
  const { definition, value, first_frame: first, last_frame: last } = answer;
  const others = rows.filter((row) => row.definition !== definition);
  const same = rows.filter((row) => row.definition === definition);
  const kept = first === null || last === null ? [] : cut(same, first, last);
  return [...others, ...kept, ...(value === null ? [] : [answer])];
}

/**
 * Find the answer that holds on a frame.
 * @param {Answer[]} rows
 * @param {number} definition
 * @param {number} frame
 */
export function answerOn(rows, definition, frame) {
  return rows.find(
    ({ definition: one, first_frame: first, last_frame: last }) =>
      one === definition && (first === null || last === null || (first <= frame && frame <= last)),
  );
}

/**
 * Say how a label stands: an acceptance locks its range, a rejection holds for labels as they were then.
 * @param {Decision[]} decisions about the label's instance
 * @param {number} frame
 * @param {number} seq the label's
 * @returns {ReviewState}
 */
export function reviewOf(decisions, frame, seq) {
  const found = decisions.find((one) => one.first_frame <= frame && frame <= one.last_frame);
  if (!found) return "unreviewed";
  return found.decision === "rejected" && seq > found.seq ? "unreviewed" : found.decision;
}
