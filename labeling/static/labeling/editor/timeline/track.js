// @ts-check
// One object over the frames, in outline: who labelled which span. Pure; frames are inclusive, lists in their order.

/**
 * @typedef {"h" | "t" | "d" | "i" | "m"} Code h by hand, t tracked, d detected, i interpolated, m imported
 * @typedef {[number, number, Code]} Span
 * @typedef {[number, number]} Range
 *
 * @typedef {object} Track as `tasks/{id}/timeline/` tells it
 * @property {Span[]} spans
 * @property {number[]} keys frames by hand that stand alone or beside a machine's
 * @property {number[]} prompted frames that a person prompted
 * @property {Range[]} absent
 * @property {[number, number][]} low frame and confidence where it dips
 * @property {[number, number][]} drops frame and strength where its score fell while it was tracked
 * @property {[number, number][]} jumps frame and strength where it may be another object from there on
 */

export const LOW = 0.5;
/** @type {Record<string, Code>} */
const CODES = { manual: "h", prompted: "h", tracked: "t", detected: "d", interpolated: "i", imported: "m" };
/** @type {Record<Code, string>} */
export const CODE_WORDS = { h: "drawn by hand", t: "tracked", d: "detected", i: "interpolated", m: "imported" };

/** @returns {Track} */
export function emptyTrack() {
  return { spans: [], keys: [], prompted: [], absent: [], low: [], drops: [], jumps: [] };
}

/** @param {import("../types.js").Label} label with a shape @returns {Code} */
export function codeOf(label) {
  return label.protected ? "h" : (CODES[label.provenance] ?? "h");
}

/**
 * The index of the first entry that ends at `frame` or after it.
 * @param {readonly (readonly [number, number, ...unknown[]])[]} spans
 * @param {number} frame
 */
export function indexAt(spans, frame) {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.[1] ?? 0) < frame) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What the track has on a frame: a code, "absent", or null for nothing. @param {Track} track @param {number} frame @returns {Code | "absent" | null} */
export function stateAt(track, frame) {
  const span = track.spans[indexAt(track.spans, frame)];
  if (span && span[0] <= frame) return span[2];
  const mark = track.absent[indexAt(track.absent, frame)];
  return mark && mark[0] <= frame ? "absent" : null;
}

/**
 * Cut `first` to `last` out of the spans and put others there; those of one code that touch become one.
 * @template {[number, number] | Span} S
 * @param {S[]} spans
 * @param {number} first
 * @param {number} last
 * @param {S[]} inside
 * @returns {S[]}
 */
export function replaced(spans, first, last, inside) {
  /** @type {S[]} */
  const result = [];
  /** @param {number} from @param {number} to @param {S} like */
  const add = (from, to, like) => {
    const before = result.at(-1);
    if (before && before[1] === from - 1 && before[2] === like[2]) before[1] = to;
    else result.push(/** @type {S} */ (like.length > 2 ? [from, to, like[2]] : [from, to]));
  };
  for (const span of spans) if (span[0] < first) add(span[0], Math.min(span[1], first - 1), span);
  for (const span of inside) add(span[0], span[1], span);
  for (const span of spans) if (span[1] > last) add(Math.max(span[0], last + 1), span[1], span);
  return result;
}

/** The frames by hand that stand alone or beside a machine's, as the server finds them. @param {Span[]} spans */
export function keysOf(spans) {
  /** @type {number[]} */
  const keys = [];
  spans.forEach(([first, last, code], index) => {
    if (code !== "h") return;
    if (spans[index - 1]?.[1] === first - 1 || first === last) keys.push(first);
    if (spans[index + 1]?.[0] === last + 1 && first !== last) keys.push(last);
  });
  return keys;
}

/**
 * Put what the page knows of the frames `first` to `last` into a track.
 * @param {Track} track
 * @param {number} first
 * @param {number} last
 * @param {import("../types.js").Label[]} labels all of the object's there, in the order of frames
 * @returns {Track}
 */
export function patched(track, first, last, labels) {
  const drawn = labels.filter((label) => label.shape !== null);
  const spans = replaced(track.spans, first, last, drawn.map((one) => /** @type {Span} */ ([one.frame, one.frame, codeOf(one)])));
  const absent = labels.filter((label) => label.shape === null).map((one) => /** @type {Range} */ ([one.frame, one.frame]));
  const prompted = drawn.filter((one) => one.provenance === "prompted").map((one) => one.frame);
  /** @param {number} frame */
  const outside = (frame) => frame < first || frame > last;
  const tracked = new Set(drawn.filter((one) => one.job !== null && !one.protected).map((one) => one.frame));
  // A hint goes with the label of its run; that a run wrote others meanwhile is read from the server.
  const holds = (/** @type {[number, number]} */ [frame]) => outside(frame) || tracked.has(frame);
  return {
    spans,
    keys: keysOf(spans),
    prompted: [...track.prompted.filter(outside), ...prompted].sort((a, b) => a - b),
    absent: replaced(track.absent, first, last, absent),
    low: [...track.low.filter(([frame]) => outside(frame)), ...dips(drawn)].sort((a, b) => a[0] - b[0]),
    drops: track.drops.filter(holds),
    jumps: track.jumps.filter(holds),
  };
}

/** @param {import("../types.js").Label[]} labels with shapes @returns {[number, number][]} */
function dips(labels) {
  const low = labels.filter((one) => !one.protected && one.confidence < LOW);
  return low
    .filter((one, index) => {
      const [before, after] = [low[index - 1], low[index + 1]];
      return (
        (!before || before.frame < one.frame - 1 || one.confidence < before.confidence) &&
        (!after || after.frame > one.frame + 1 || one.confidence <= after.confidence)
      );
    })
    .map((one) => [one.frame, one.confidence]);
}

/** @param {Track} one @param {Track} other */
export function sameTrack(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
