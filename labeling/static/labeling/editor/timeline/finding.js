// @ts-check
// Where to go next: key frames, gaps and changes of the objects' tracks. Pure; frames are inclusive.

import { indexAt } from "./track.js";

/** @typedef {import("./track.js").Track} Track */
/** @typedef {{first: number, last: number}} Way the frames of the task */
/** @typedef {1 | -1} Direction */

/**
 * The next frame on which a person drew, prompted or marked one of the objects absent.
 * @param {Track[]} tracks
 * @param {number} frame
 * @param {Direction} direction
 * @returns {number | null}
 */
export function nextKey(tracks, frame, direction) {
  const found = tracks.flatMap((track) => [
    nearest(track.keys, frame, direction),
    nearest(track.prompted, frame, direction),
    nearest(byHandEdges(track), frame, direction),
    nearest(track.absent.map(([first]) => first), frame, direction),
  ]);
  return closest(found, direction);
}

/**
 * The next frame at which something begins or ends on the timeline.
 * @param {Track[]} tracks
 * @param {number} frame
 * @param {Direction} direction
 * @param {Way} way
 * @returns {number | null}
 */
export function nextChange(tracks, frame, direction, { first, last }) {
  const found = tracks.flatMap((track) => {
    const edges = [...track.spans, ...track.absent].flatMap((span) => [span[0], span[1] + 1]);
    const places = [...edges, ...track.keys, ...track.prompted].filter((one) => one >= first && one <= last);
    return [nearest(places.sort((a, b) => a - b), frame, direction)];
  });
  return closest(found, direction);
}

/**
 * The first frame of the next gap: frames on which none of the objects has a label, nor a word that it is absent.
 * @param {Track[]} tracks
 * @param {number} frame
 * @param {Direction} direction
 * @param {Way} way
 * @returns {number | null}
 */
export function nextGap(tracks, frame, direction, { first, last }) {
  const starts = gaps(tracks, first, last).map(([start]) => start);
  return nearest(starts, frame, direction);
}

/**
 * @param {Track[]} tracks
 * @param {number} first
 * @param {number} last
 * @returns {[number, number][]}
 */
export function gaps(tracks, first, last) {
  const covered = tracks.flatMap((track) => [...track.spans, ...track.absent]).sort((a, b) => a[0] - b[0]);
  /** @type {[number, number][]} */
  const result = [];
  let next = first;
  for (const [start, end] of covered) {
    if (start > next) result.push([next, Math.min(start - 1, last)]);
    next = Math.max(next, end + 1);
    if (next > last) break;
  }
  if (next <= last) result.push([next, last]);
  return result;
}

/** Both ends of what was drawn by hand: what lies between is one piece of work. @param {Track} track */
function byHandEdges(track) {
  return track.spans.filter(([, , code]) => code === "h").flatMap(([first, last]) => (first === last ? [first] : [first, last]));
}

/**
 * The first of sorted frames after `frame`, or the last before it.
 * @param {number[]} frames
 * @param {number} frame
 * @param {Direction} direction
 * @returns {number | null}
 */
export function nearest(frames, frame, direction) {
  const points = frames.map((one) => /** @type {[number, number]} */ ([one, one]));
  return (direction > 0 ? points[indexAt(points, frame + 1)] : points[indexAt(points, frame) - 1])?.[0] ?? null;
}

/** @param {(number | null)[]} frames @param {Direction} direction */
function closest(frames, direction) {
  const found = frames.filter((one) => one !== null);
  if (!found.length) return null;
  return direction > 0 ? Math.min(...found) : Math.max(...found);
}
