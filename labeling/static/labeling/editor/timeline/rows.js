// @ts-check
// The rows of the timeline: objects and the answers about them, in which order, and what a frame of a row says.

import { linesOfFrames, linesOfObject, saidOn } from "./answers.js";
import { standing } from "../jobs/runs.js";
import { CODE_WORDS, stateAt } from "./track.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Instance} Instance */

/**
 * A row: of an object, or of the answers to a question (`said`) about it, or about frames (no `key` then).
 * @typedef {{key: Key | null, name: string, instance: Instance | null, said: import("./answers.js").Stretch[] | null}} Line
 */

/**
 * All objects in the order of the table; its filter does not hold here.
 * @param {Bench} bench
 * @param {boolean} answers below each object what was answered over frames, and above all what frames were classified as
 * @returns {Line[]}
 */
export function linesOf(bench, answers) {
  const { allOrder, store } = bench;
  const objects = allOrder.flatMap((key) => {
    const instance = store.instances.get(key);
    if (!instance) return [];
    return [{ key, name: instance.name, instance, said: null }, ...(answers ? linesOfObject(bench, instance) : [])];
  });
  return answers ? [...linesOfFrames(bench), ...objects] : objects;
}

/** What an object is on a frame: “tracked, confidence 0.62”. @param {Bench} bench @param {Key} key @param {number} frame */
export function stateText(bench, key, frame) {
  const label = bench.store.label(key, frame);
  const state = stateAt(bench.tracks.of(key), frame);
  const word = state === null ? "no label" : state === "absent" ? "marked absent" : CODE_WORDS[state];
  if (!label?.shape || label.protected || label.confidence >= 1) return word;
  return `${word}, confidence ${label.confidence.toFixed(2)}`;
}

/** What a row says on a frame. @param {Bench} bench @param {number} frame @param {Line} line */
export function lineText(bench, frame, line) {
  if (!line.said) return frameText(bench, frame, line.instance);
  const about = line.instance ? `${line.instance.name}, ${line.name}` : line.name;
  return `Frame ${frame} of ${bench.facts.last}, ${about}: ${saidOn(line, frame) || "no answer"}`;
}

/** The frame with what the selected object is on it. @param {Bench} bench @param {number} frame @param {Instance | null} instance */
export function frameText(bench, frame, instance) {
  const where = `Frame ${frame} of ${bench.facts.last}`;
  if (!instance) return where;
  const runs = bench.runs.workingOn(instance.id).map((job) => `; ${standing(job)}`);
  return `${where}, ${instance.name} ${stateText(bench, instance.key, frame)}${runs.join("")}`;
}
