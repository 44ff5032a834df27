// @ts-check
// Whom an answer is about: the selected objects of one class, or the frame.

import { framesOf } from "./reach.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {import("../types.js").Attribute} Attribute */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("./reach.js").Reach} Reach */

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} reason why it cannot be answered; empty when it can
 * @property {(attribute: Attribute) => Answer | undefined} answer that holds on the frame that is shown
 * @property {(attribute: Attribute) => boolean} mixed the selected objects differ
 * @property {(attribute: Attribute, value: any, reach: Reach) => void} put null takes the answer back
 */

/** @param {Bench} bench @param {Key[]} keys the one that is shown comes first @returns {Subject} */
export function objectSubject(bench, keys) {
  const [key = ""] = keys;
  const { store, shown, facts } = bench;
  const name = keys.length > 1 ? `${keys.length} objects` : (store.instances.get(key)?.name ?? "the object");
  const locked = keys.find((one) => bench.locked.has(one));
  const reason = !facts.mayEdit ? facts.barrier : locked === undefined ? "" : `${store.instances.get(locked)?.name ?? "It"} is locked: unlock it to answer.`;
  /** @param {Key} one @param {Attribute} attribute */
  const said = (one, attribute) => store.answerAt(one, attribute.id, shown);
  return {
    name,
    reason,
    answer: (attribute) => said(key, attribute),
    mixed: (attribute) => new Set(keys.map((one) => JSON.stringify(said(one, attribute)?.value ?? null))).size > 1,
    put: (attribute, value, reach) => {
      const operations = keys.map((instance) => answerOf(bench, instance, attribute, value, reach, shown));
      bench.edit(`${value === null ? "Clear" : "Set"} “${attribute.name}” of ${name}`, operations);
    },
  };
}

/** @param {Bench} bench @param {Key} instance @param {Attribute} attribute @param {any} value @param {Reach} reach @param {number} frame @returns {Operation} */
function answerOf(bench, instance, attribute, value, reach, frame) {
  const definition = attribute.id;
  if (!attribute.dynamic) return { op: "answer.put", instance, definition, value };
  const answers = bench.store.answers(instance).filter((one) => one.definition === definition);
  const [first, last] = framesOf(reach, frame, answers, bench.facts, bench.range);
  return { op: "answer.put", instance, definition, value, first, last };
}

/** @param {Bench} bench @returns {Subject} */
export function frameSubject(bench) {
  const { store, shown, facts } = bench;
  return {
    name: `frame ${shown}`,
    reason: facts.mayEdit ? "" : facts.barrier,
    answer: (attribute) => store.classificationAt(attribute.id, shown),
    mixed: () => false,
    put: (attribute, value, reach) => {
      const answers = store.classifications().filter((one) => one.definition === attribute.id);
      const [first, last] = framesOf(reach, shown, answers, facts, bench.range);
      const where = first === last ? `frame ${first}` : `frames ${first} to ${last}`;
      bench.edit(`${value === null ? "Clear" : "Set"} “${attribute.name}” of ${where}`, [
        { op: "classification.put", definition: attribute.id, value, first, last },
      ]);
    },
  };
}
