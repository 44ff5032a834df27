// @ts-check
// A random sample of what there is to review. Pure.

/** @typedef {import("./items.js").Item} Item */

/** Items of a sample: enough to judge a run by, few enough to finish. */
export const SAMPLE = 25;

/**
 * So many of the items, drawn at random. The same seed draws the same ones: what is listed anew stays in its order.
 * @param {Item[]} items
 * @param {number} seed
 * @param {number} [most]
 * @returns {Item[]}
 */
export function sampleOf(items, seed, most = SAMPLE) {
  const drawn = items.map((item) => ({ item, lot: lot(`${seed} ${item.instance} ${item.frame}`) }));
  return drawn.sort((a, b) => a.lot - b.lot).slice(0, most).map((one) => one.item);
}

/** A number that looks random and hangs on the text alone: FNV-1a, then mixed as in MurmurHash3. @param {string} text */
function lot(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
