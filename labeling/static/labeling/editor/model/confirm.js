// @ts-check
// What the server answered to an edit becomes its word; what waits behind it is told the new versions.

import { answersOf, decisionsOf, instanceOf, labelsOf } from "./wire.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Row} Row */

/**
 * @param {Bench} bench
 * @param {Outbox} outbox
 * @param {Row} row that was confirmed
 * @param {any} answer of the edits' routes
 */
export function take(bench, outbox, row, answer) {
  const { world } = bench.store;
  const keyOf = (/** @type {number} */ id) => bench.store.keyOf(id);
  for (const one of answer.instances) {
    const instance = instanceOf(one);
    world.instances.set(instance.key, instance);
  }
  bench.store.showInstances();
  for (const id of answer.deleted) world.forget(keyOf(id) ?? "");
  const { labels } = labelsOf(answer.labels ?? [], keyOf);
  for (const label of labels) if (bench.store.loaded(label.frame)) world.put(label);
  for (const { instance, frame } of answer.removed ?? []) world.labels.get(frame)?.delete(keyOf(instance) ?? "");
  takeSaid(bench, answer, keyOf);
  bench.store.judge();
  bench.store.lift(row.id);
  renumber(outbox, labels, answer.removed ?? [], keyOf);
  if (answer.labels && answer.removed) bench.sync.feed.known.add(answer.seq);
  else bench.sync.refresh(bench.facts.first, bench.facts.last).catch(() => {});
  bench.tell("instances");
}

/**
 * @param {Bench} bench
 * @param {any} answer
 * @param {(id: number) => string | undefined} keyOf
 */
function takeSaid(bench, answer, keyOf) {
  const { world } = bench.store;
  const answers = answersOf(answer.answers, keyOf);
  const decisions = decisionsOf(answer.reviews, keyOf);
  for (const id of answer.touched.answers) world.answers.set(keyOf(id) ?? "", answers.get(keyOf(id) ?? "") ?? []);
  for (const id of answer.touched.reviews) world.decisions.set(keyOf(id) ?? "", decisions.get(keyOf(id) ?? "") ?? []);
  const asked = new Set(answer.touched.classifications);
  world.classifications = [...world.classifications.filter((one) => !asked.has(one.definition)), ...answer.classifications];
}

/**
 * Edits that wait were made on top of the one that was confirmed: they have seen its versions.
 * @param {Outbox} outbox
 * @param {import("../types.js").Label[]} labels
 * @param {{instance: number, frame: number}[]} removed
 * @param {(id: number) => string | undefined} keyOf
 */
function renumber(outbox, labels, removed, keyOf) {
  const versions = new Map(labels.map((one) => [`${one.instance} ${one.frame}`, one.version]));
  for (const { instance, frame } of removed) versions.set(`${keyOf(instance)} ${frame}`, 0);
  for (const row of outbox.rows) {
    let changed = false;
    for (const operation of row.operations) {
      if (!("version" in operation)) continue;
      const version = versions.get(`${operation.instance} ${operation.frame}`);
      if (version === undefined || version === operation.version) continue;
      operation.version = version;
      changed = true;
    }
    if (changed) void outbox.keep(row);
  }
}
