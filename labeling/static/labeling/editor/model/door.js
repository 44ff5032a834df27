// @ts-check
// The server names instances by numbers, the page by their hash: translated here and nowhere else. Pure.

/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {import("../types.js").Decision} Decision */
/** @typedef {(id: number) => Key | undefined} KeyOf */

/** @param {any} row as `instances/` shows it @returns {Instance} */
export function instanceOf({ object_hash: key, id, object_class, number, name, version, labelled }) {
  return { key, id, object_class, number, name, version, labelled };
}

/** @param {any} row as the label window shows it @param {KeyOf} keyOf @returns {Label | null} null for an unknown instance */
export function labelOf(row, keyOf) {
  const instance = keyOf(row.instance);
  return instance === undefined ? null : { ...row, instance };
}

/** @param {any[]} rows @param {KeyOf} keyOf @returns {Label[]} those of known instances */
export function labelsOf(rows, keyOf) {
  return rows.map((row) => labelOf(row, keyOf)).filter((label) => label !== null);
}

/** @param {any} row @returns {Answer} */
export function answerOf({ definition, value, first_frame, last_frame }) {
  return { definition, value, first_frame, last_frame };
}

/** @param {any[]} rows each with `instance` @param {KeyOf} keyOf @returns {Map<Key, Answer[]>} */
export function answersOf(rows, keyOf) {
  return grouped(rows, keyOf, answerOf);
}

/** @param {any[]} rows as `reviews/` shows them @param {KeyOf} keyOf @returns {Map<Key, Decision[]>} */
export function decisionsOf(rows, keyOf) {
  return grouped(rows, keyOf, (row, instance) => {
    const { first_frame, last_frame, decision, reason, seq } = row;
    return { instance, first_frame, last_frame, decision, reason, seq };
  });
}

/**
 * @template Made
 * @param {any[]} rows @param {KeyOf} keyOf @param {(row: any, key: Key) => Made} made
 * @returns {Map<Key, Made[]>}
 */
function grouped(rows, keyOf, made) {
  /** @type {Map<Key, Made[]>} */
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row.instance);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(made(row, key));
    else groups.set(key, [made(row, key)]);
  }
  return groups;
}
