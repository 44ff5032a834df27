// @ts-check
// Frames on which labels are no longer as runs wrote them. Pure; ranges are inclusive.

/** @typedef {[number, number][]} Ranges */
/** @typedef {{written: number, changed: Ranges, absent: Ranges, gone: Ranges}} Found of one object, as the server tells it */

const KINDS = /** @type {const} */ (["changed", "absent", "gone"]);

/** How many frames of all objects are which. @param {Found[]} found */
export function tally(found) {
  const totals = { written: 0, changed: 0, absent: 0, gone: 0 };
  for (const one of found) {
    totals.written += one.written;
    for (const kind of KINDS) for (const [first, last] of one[kind]) totals[kind] += last - first + 1;
  }
  return totals;
}

/**
 * The nearest differing frame after `frame` (before it, when `by` is −1), else the first from the other end; null
 * when none differs.
 * @param {Found[]} found
 * @param {number} frame
 * @param {1 | -1} by
 * @returns {number | null}
 */
export function nextFrame(found, frame, by) {
  const ranges = found.flatMap((one) => KINDS.flatMap((kind) => one[kind]));
  // Of each range the frame nearest behind where we are, and the one it begins with from that side.
  const ahead = ranges.flatMap(([first, last]) => {
    if (by > 0) return last > frame ? [Math.max(first, frame + 1)] : [];
    return first < frame ? [Math.min(last, frame - 1)] : [];
  });
  const ends = ranges.map(([first, last]) => (by > 0 ? first : last));
  const nearest = (/** @type {number[]} */ frames) => (by > 0 ? Math.min(...frames) : Math.max(...frames));
  if (ahead.length) return nearest(ahead);
  return ends.length ? nearest(ends) : null;
}
