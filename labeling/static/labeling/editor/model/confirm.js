// @ts-check
// What the server answered to an edit becomes its word; what waits behind it is told the new versions. No DOM.

import { instancesOf, nameOf, renewed } from "./versions.js";
import { answersOf, decisionsOf, instanceOf, labelsOf } from "./wire.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Row} Row */
/** @typedef {import("./store.js").Store} Store */

/**
 * @param {Store} store
 * @param {any} answer of the edits' routes
 */
export function takeAnswer(store, answer) {
  const { world } = store;
  for (const row of answer.instances) {
    const instance = instanceOf(row);
    world.instances.set(instance.key, instance);
    if (instance.id !== null) store.keys.set(instance.id, instance.key);
  }
  const keyOf = (/** @type {number} */ id) => store.keyOf(id);
  for (const id of answer.deleted) world.forget(keyOf(id) ?? "");
  for (const label of labelsOf(answer.labels ?? [], keyOf).labels) {
    if (store.loaded(label.frame)) world.put(label);
  }
  for (const { instance, frame } of answer.removed ?? []) world.labels.get(frame)?.delete(keyOf(instance) ?? "");
  takeSaid(store, answer, keyOf);
  store.confirmations += 1;
}

/**
 * @param {Store} store
 * @param {any} answer
 * @param {(id: number) => string | undefined} keyOf
 */
function takeSaid(store, answer, keyOf) {
  const { world } = store;
  const answers = answersOf(answer.answers, keyOf);
  const decisions = decisionsOf(answer.reviews, keyOf);
  for (const id of answer.touched.answers) {
    const key = keyOf(id);
    if (key !== undefined) world.answers.set(key, answers.get(key) ?? []);
  }
  for (const id of answer.touched.reviews) {
    const key = keyOf(id);
    if (key !== undefined) world.decisions.set(key, decisions.get(key) ?? []);
  }
  store.judge(answer.touched.reviews.map(keyOf));
  const asked = new Set(answer.touched.classifications);
  if (asked.size) world.classifications = [...world.classifications.filter((one) => !asked.has(one.definition)), ...answer.classifications];
}

/**
 * Edits that wait were made on top of the one that was confirmed: they have seen its versions.
 * @param {Outbox} outbox
 * @param {Row} row that was confirmed
 * @param {any} answer null when it is not known what became of it
 * @param {(id: number) => string | undefined} keyOf
 */
export function renewVersions(outbox, row, answer, keyOf) {
  const versions = new Map(
    labelsOf(answer?.labels ?? [], keyOf).labels.map((label) => [nameOf(label), label.version]),
  );
  for (const { instance, frame } of answer?.removed ?? []) versions.set(nameOf({ instance: keyOf(instance) ?? "", frame }), 0);
  const told = answer?.labels && answer.removed;
  for (const waiting of outbox.rows) {
    if (waiting === row) continue;
    const touched = row.kind === "edit" ? row.operations : waiting.operations;
    const unknown = new Set(told ? [] : touched.flatMap(instancesOf));
    const operations = renewed(waiting.operations, { versions, unknown });
    if (!operations) continue;
    waiting.operations = operations;
    void outbox.keep(waiting);
  }
}
