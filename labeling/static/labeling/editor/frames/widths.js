// @ts-check
// How wide a picture is asked for: a few steps, so that the server and the browser keep few versions of a frame.

const STEPS = [320, 480, 640, 960, 1280, 1600, 1920, 2560, 3840];
const PLAYING_MAX = 640;

/**
 * Return the width to ask for, null for the frame's own.
 * @param {number} needed device pixels that the whole frame takes on the stage
 * @param {number} own width of the frame in its pixels
 * @returns {number | null}
 */
export function stillWidth(needed, own) {
  const step = STEPS.find((width) => width >= needed);
  return step !== undefined && step < own ? step : null;
}

/**
 * Return the width of pictures while they are played: small, so that they come in time.
 * @param {number} needed
 * @param {number} own
 * @returns {number | null}
 */
export function playingWidth(needed, own) {
  return stillWidth(Math.min(needed, PLAYING_MAX), own);
}

/**
 * Return the frames to fetch after `frame`, in the order of need: ahead first. What the ends of the task cut off on
 * one side is fetched on the other.
 * @param {number} frame
 * @param {{direction: number, first: number, last: number, ahead: number, behind: number}} options `direction` 1 or -1
 * @returns {number[]}
 */
export function neighbours(frame, { direction, first, last, ahead, behind }) {
  const room = direction > 0 ? last - frame : frame - first;
  const back = direction > 0 ? frame - first : last - frame;
  const before = Math.min(behind + Math.max(0, ahead - room), back);
  const after = Math.min(ahead + Math.max(0, behind - back), room);
  /** @param {number} count @param {number} by */
  const walk = (count, by) => Array.from({ length: count }, (_, index) => frame + (index + 1) * by);
  return [...walk(after, direction), ...walk(before, -direction)];
}
