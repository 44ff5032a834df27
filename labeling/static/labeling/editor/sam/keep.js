// @ts-check
// A draft becomes labels: one edit, which is one step of undo. Pure.

/** @typedef {import("./types.js").Found} Found */
/** @typedef {import("./types.js").Subject} Subject */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Operation} Operation */

/**
 * The operations that make labels of what was found: that of the object it is for, else one of a new object each.
 * @param {Subject} subject
 * @param {Found[]} found
 * @param {{newKey: () => Key, exclude: boolean}} how `exclude`: pixels of other bitmasks are left out, by the server too
 * @returns {{operations: Operation[], keys: Key[]}} the objects, new or not
 */
export function kept({ key, of, frame }, found, { newKey, exclude }) {
  /** @type {Operation[]} */
  const operations = [];
  // Of several, one that others have covered meanwhile is skipped; a single one is refused.
  const panoptic = exclude ? { exclude_bitmasks: true, ...(found.length > 1 ? { skip_covered: true } : {}) } : {};
  const keys = found.map((one) => {
    const instance = key ?? newKey();
    if (key === null) operations.push({ op: "instance.create", instance, object_class: of.id });
    operations.push({ op: "label.put", instance, frame, shape: one.shape, provenance: "prompted", ...panoptic });
    return instance;
  });
  return { operations, keys };
}

/** What was done, as undo names it. @param {string} name of the object or its class @param {number} count @param {boolean} detected all of the frame were asked for */
export function titleOf(name, count, detected) {
  const verb = detected ? "Detect" : "Segment";
  return count === 1 ? `${verb} ${name}` : `${verb} ${count} objects of ${name}`;
}
