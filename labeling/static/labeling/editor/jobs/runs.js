// @ts-check
// How a run stands, in words. Pure.

/**
 * @typedef {object} Job
 * @property {number} id
 * @property {string} kind
 * @property {string} state
 * @property {number} frames_done
 * @property {number} frames_total
 * @property {number} labels_written
 * @property {string} error
 * @property {string | null} finished_at
 * @property {string | null} reverted_at
 * @property {boolean} waiting_for_worker
 * @property {boolean} [may_steer]
 */

/** @type {Record<string, string>} */
const TRACKING = {
  queued: "Queued", running: "Tracking", paused: "Paused", cancelling: "Cancelling", succeeded: "Tracked",
  partial: "Partly tracked", failed: "Tracking failed", cancelled: "Cancelled",
};

/** @type {Record<string, string>} */
const INTERPOLATING = {
  ...TRACKING, running: "Interpolating", succeeded: "Interpolated", partial: "Partly interpolated", failed: "Interpolation failed",
};

/** @type {Record<string, string>} */
const DETECTING = {
  ...TRACKING, running: "Detecting", succeeded: "Detected", partial: "Partly detected", failed: "Detection failed",
};

/** @type {Record<string, Record<string, string>>} */
const WORDS = { track: TRACKING, interpolate: INTERPOLATING, detect_all: DETECTING };

/** @param {number} count @param {string} noun */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** How far a run is, or how it ended. @param {Job} job */
export function standing(job) {
  const word = (WORDS[job.kind] ?? TRACKING)[job.state] ?? job.state;
  if (!job.finished_at) {
    if (job.state === "queued") return job.waiting_for_worker ? "Waiting for a worker" : word;
    return `${word} ${job.frames_done}/${job.frames_total}`;
  }
  if (job.reverted_at) return job.state === "cancelled" ? "Cancelled, labels taken back" : "Run taken back";
  if (job.state === "failed") return job.error ? `${word}: ${job.error}` : word;
  return `${word}: ${counted(job.labels_written, "label")}`;
}

/**
 * @typedef {object} Plan what a dry run came to
 * @property {number} frames
 * @property {number} frames_before
 * @property {{instance: number, frames: number}[]} objects
 * @property {string[]} warnings
 * @property {boolean} waiting_for_worker
 * @property {[number, number] | null} seconds
 */

/** @param {Plan} plan @param {boolean} interpolates */
export function planned({ frames, frames_before: before, objects, seconds }, interpolates) {
  const time = seconds ? `about ${span(seconds)}` : "time unknown";
  const through = before ? `, ${before} of them before the range, tracked through and not written` : "";
  const what = interpolates ? `${counted(frames, "label")} to fill` : `over ${counted(frames, "frame")}${through}`;
  return `${counted(objects.length, "object")} ${interpolates ? "with " : ""}${what}, ${time}. Labels by people stay as they are.`;
}

/** @param {[number, number]} seconds */
function span([low, high]) {
  const [from, to] = [low, high].map((one) => (one < 10 ? one.toFixed(1) : String(Math.round(one))));
  return from === to ? `${to} s` : `${from} to ${to} s`;
}
