// @ts-check
// Over which frames an answer holds. Pure; frames are inclusive.

/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {"on" | "here" | "whole" | "range"} Reach */

/** @type {[Reach, string, string][]} */
export const REACHES = [
  ["on", "From here on", "From this frame until the next answer"],
  ["here", "This frame", "On this frame only"],
  ["whole", "All frames", "On all frames of the task"],
  ["range", "Chosen frames", "On the frames chosen on the timeline"],
];

/**
 * The frames over which a new answer is to hold.
 * @param {Reach} reach
 * @param {number} frame
 * @param {Pick<Answer, "first_frame">[]} answers those to the same question
 * @param {{first: number, last: number}} task
 * @param {[number, number] | null} range
 * @returns {[number, number]}
 */
export function framesOf(reach, frame, answers, { first, last }, range) {
  if (reach === "here") return [frame, frame];
  if (reach === "whole") return [first, last];
  if (reach === "range" && range) return range;
  const later = answers.map((one) => one.first_frame ?? first).filter((start) => start > frame);
  return [frame, Math.min(last, ...later.map((start) => start - 1))];
}
