// @ts-check
// What differs between two scenes.

/** @typedef {import("./scene.js").Item} Item */

/**
 * The items that came, went or changed: those as they were and those as they are.
 * @param {Item[]} before
 * @param {Item[]} after
 * @returns {Item[]}
 */
export function changesBetween(before, after) {
  const known = new Map(before.map((item) => [item.key, item]));
  /** @type {Item[]} */
  const changed = [];
  for (const item of after) {
    const old = known.get(item.key);
    known.delete(item.key);
    if (old && old.shape === item.shape && old.manner === item.manner) continue;
    if (old) changed.push(old);
    changed.push(item);
  }
  changed.push(...known.values());
  return changed;
}
