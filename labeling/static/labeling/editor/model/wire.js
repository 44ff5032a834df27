// @ts-check
// Between the server's forms, which name instances by number, and ours, which name them by key. Pure.

/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {import("../types.js").Decision} Decision */
/** @typedef {(id: number) => Key | undefined} KeyOf */

/** @param {any} one @returns {Instance} */
export function instanceOf(one) {
  const { id, object_hash: key, object_class, number, name, version, labelled } = one;
  return { key, id, object_class, number, name, version, labelled };
}

/**
 * Labels with keys; `unknown` says that there is one of an object that we have not heard of.
 * @param {any[]} rows
 * @param {KeyOf} keyOf
 * @returns {{labels: Label[], unknown: boolean}}
 */
export function labelsOf(rows, keyOf) {
  const labels = [];
  for (const row of rows) {
    const instance = keyOf(row.instance);
    if (instance !== undefined) labels.push({ ...row, instance });
  }
  return { labels, unknown: labels.length < rows.length };
}

/**
 * Answers by object.
 * @param {any[]} rows
 * @param {KeyOf} keyOf
 * @returns {Map<Key, Answer[]>}
 */
export function answersOf(rows, keyOf) {
  return grouped(rows, keyOf, ({ definition, value, first_frame, last_frame }) => ({ definition, value, first_frame, last_frame }));
}

/**
 * Decisions by object.
 * @param {any[]} rows
 * @param {KeyOf} keyOf
 * @returns {Map<Key, Decision[]>}
 */
export function decisionsOf(rows, keyOf) {
  return grouped(rows, keyOf, ({ first_frame, last_frame, decision, reason, seq }, instance) => ({
    instance, first_frame, last_frame, decision, reason, seq,
  }));
}

/**
 * @template Made
 * @param {any[]} rows
 * @param {KeyOf} keyOf
 * @param {(row: any, key: Key) => Made} made
 * @returns {Map<Key, Made[]>}
 */
function grouped(rows, keyOf, made) {
  /** @type {Map<Key, Made[]>} */
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row.instance);
    if (key === undefined) continue;
    const known = groups.get(key);
    if (known) known.push(made(row, key));
    else groups.set(key, [made(row, key)]);
  }
  return groups;
}
