// @ts-check
// How far an object was tracked on from a frame that somebody corrected. Pure; frames are inclusive.

/** @typedef {import("../timeline/track.js").Track} Track */

/**
 * The last tracked frame after a label by hand, before the next one by hand; null where none was tracked, or where
 * the label is a machine's itself.
 * @param {Pick<Track, "spans">} track
 * @param {number} frame
 * @returns {number | null}
 */
export function trackedOnTo({ spans }, frame) {
  const here = spans.find(([first, last]) => first <= frame && frame <= last);
  if (here?.[2] !== "h" || here[1] !== frame) return null;
  const after = spans.filter(([first]) => first > frame);
  const next = after.findIndex(([, , code]) => code === "h");
  const tracked = (next < 0 ? after : after.slice(0, next)).filter(([, , code]) => code === "t");
  return tracked.at(-1)?.[1] ?? null;
}
