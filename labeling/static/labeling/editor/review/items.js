// @ts-check
// What there is to review, in which order. Pure.

/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Decision} Decision */
/** @typedef {"confidence" | "place" | "sample"} Order the least sure first; by number or frame; some, at random */
/** @typedef {"objects" | "low" | "hints" | "frame"} Mode objects one by one; labels of low confidence; what tracking noticed; the labels of the shown frame */
/** @typedef {{instance: Key, first: number, last: number, frame: number, confidence: number | null, why?: string}} Item frames inclusive; `frame` is where to look, `why` what was noticed there */
/** @typedef {{key: Key, number: number, first: number | null, last: number | null, low: [number, number][]}} Track an object with its dips: frame, confidence */

/**
 * Objects with labels, each over its whole length, the one that is least sure first or by number.
 * @param {Track[]} tracks
 * @param {boolean} byConfidence
 * @returns {Item[]}
 */
export function objectItems(tracks, byConfidence) {
  const items = [];
  for (const { key, number, first, last, low } of tracks) {
    if (first === null || last === null) continue;
    const worst = low.reduce((least, one) => (one[1] < least[1] ? one : least), [first, Infinity]);
    const confidence = Number.isFinite(worst[1]) ? worst[1] : null;
    items.push({ instance: key, first, last, frame: byConfidence ? worst[0] : first, confidence, number });
  }
  const sure = (/** @type {{confidence: number | null}} */ one) => one.confidence ?? 1;
  items.sort((a, b) => (byConfidence ? sure(a) - sure(b) : 0) || a.number - b.number);
  return items.map(({ number: _, ...item }) => item);
}

/**
 * Single labels whose confidence dips, the lowest first or by frame.
 * @param {Track[]} tracks
 * @param {boolean} byConfidence
 * @returns {Item[]}
 */
export function lowItems(tracks, byConfidence) {
  const items = tracks.flatMap(({ key, low }) =>
    low.map(([frame, confidence]) => ({ instance: key, first: frame, last: frame, frame, confidence })),
  );
  return items.sort((a, b) => (byConfidence ? a.confidence - b.confidence : 0) || a.frame - b.frame);
}

/**
 * Single labels of one frame.
 * @param {{instance: Key, frame: number, shape: any, confidence: number}[]} labels
 * @returns {Item[]}
 */
export function frameItems(labels) {
  return labels
    .filter((label) => label.shape !== null)
    .map(({ instance, frame, confidence }) => ({ instance, first: frame, last: frame, frame, confidence }));
}

/**
 * Say whether the whole item was decided on.
 * @param {Item} item
 * @param {Decision[]} decisions of its instance
 */
export function decided(item, decisions) {
  let from = item.first;
  for (const one of [...decisions].sort((a, b) => a.first_frame - b.first_frame)) {
    if (one.first_frame > from) break;
    from = Math.max(from, one.last_frame + 1);
  }
  return from > item.last;
}

/**
 * The item after `at` (before it, when `by` is −1) that `wanted` asks for, around the end; null when there is none.
 * @param {Item[]} items
 * @param {number} at index, −1 before the first
 * @param {1 | -1} by
 * @param {(item: Item) => boolean} wanted
 * @returns {number | null}
 */
export function nextItem(items, at, by, wanted) {
  for (let step = 1; step <= items.length; step += 1) {
    const index = (((at + step * by) % items.length) + items.length) % items.length;
    const item = items[index];
    if (item && wanted(item)) return index;
  }
  return null;
}
