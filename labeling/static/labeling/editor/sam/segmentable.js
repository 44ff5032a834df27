// @ts-check
// Whom a draft is for, and why something cannot be segmented.

import { KIND_NAMES } from "../geometry/shapes.js";
import { obstacle } from "../tools/guard.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */
/** @typedef {import("./types.js").Subject} Subject */

const SHAPES = ["bounding_box", "rotatable_bounding_box", "polygon", "bitmask"];
const MEDIA = ["video", "image", "image_group", "image_sequence", "dicom"];

/** True, or the reason why objects of the class cannot be segmented here. @param {Bench} bench @param {ObjectClass | null} of @returns {true | string} */
export function segmentable({ facts }, of) {
  if (!facts.mayEdit) return facts.barrier;
  if (!MEDIA.includes(facts.kind)) return `${facts.noun[0]?.toUpperCase()}${facts.noun.slice(1)} cannot be segmented: it has no pictures.`;
  if (!of) return "Choose a class first.";
  if (SHAPES.includes(of.shape)) return true;
  return `Objects of this shape cannot be segmented, only drawn: ${KIND_NAMES[of.shape]} (“${of.name}”).`;
}

/** Whether there is anything here that can be segmented. @param {Bench} bench @returns {true | string} */
export function anySegmentable(bench) {
  const classes = bench.facts.classes.filter((one) => !one.archived);
  const answers = classes.map((one) => segmentable(bench, one));
  if (answers.includes(true)) return true;
  return classes.length === 1 || !bench.facts.mayEdit ? (answers[0] ?? bench.facts.barrier) : segmentable(bench, bench.currentClass);
}

/**
 * The selected object, if there is one only, else a new one of the chosen class; or the reason why not.
 * @param {Bench} bench
 * @returns {Subject | string}
 */
export function subjectOf(bench) {
  const [key, more] = bench.selection;
  const instance = key === undefined || more !== undefined ? null : (bench.store.instances.get(key) ?? null);
  const of = instance ? bench.classOf(instance) : bench.currentClass;
  const answer = segmentable(bench, of);
  if (answer !== true || !of) return answer === true ? "Choose a class first." : answer;
  const subject = { key: instance?.key ?? null, of, frame: bench.shown };
  return (instance && obstacle(bench, instance.key)) || subject;
}
