// @ts-check
// The objects of the timeline, a row each: which ones, in which order, and what a frame of a row says.

import { CODE_WORDS, stateAt } from "./track.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Instance} Instance */

/** All objects in the order of the table; its filter does not hold here. @param {Bench} bench @returns {Instance[]} */
export function rowsOf({ allOrder, store }) {
  return allOrder.flatMap((key) => store.instances.get(key) ?? []);
}

/** What an object is on a frame: “tracked, confidence 0.62”. @param {Bench} bench @param {Key} key @param {number} frame */
export function stateText(bench, key, frame) {
  const label = bench.store.label(key, frame);
  const state = stateAt(bench.tracks.of(key), frame);
  const word = state === null ? "no label" : state === "absent" ? "marked absent" : CODE_WORDS[state];
  if (!label?.shape || label.protected || label.confidence >= 1) return word;
  return `${word}, confidence ${label.confidence.toFixed(2)}`;
}

/** The frame with what the selected object is on it. @param {Bench} bench @param {number} frame @param {Instance | null} instance */
export function frameText(bench, frame, instance) {
  const where = `Frame ${frame} of ${bench.facts.last}`;
  return instance ? `${where}, ${instance.name} ${stateText(bench, instance.key, frame)}` : where;
}
