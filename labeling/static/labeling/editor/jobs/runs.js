// @ts-check
// How a run stands, in words. Pure.

/**
 * @typedef {object} Job
 * @property {number} id
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
const WORDS = {
  queued: "Queued", running: "Tracking", paused: "Paused", cancelling: "Cancelling", succeeded: "Tracked",
  partial: "Partly tracked", failed: "Tracking failed", cancelled: "Cancelled",
};

/** @param {number} count @param {string} noun */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** How far a run is, or how it ended. @param {Job} job */
export function standing(job) {
  const word = WORDS[job.state] ?? job.state;
  if (!job.finished_at) {
    if (job.state === "queued") return job.waiting_for_worker ? "Waiting for a worker" : word;
    return `${word} ${job.frames_done}/${job.frames_total}`;
  }
  if (job.reverted_at) return job.state === "cancelled" ? "Cancelled, labels taken back" : "Run taken back";
  if (job.state === "failed") return job.error ? `${word}: ${job.error}` : word;
  return `${word}: ${counted(job.labels_written, "label")}`;
}

/** What a dry run came to. @param {{frames: number, objects: unknown[], seconds: [number, number] | null}} plan */
export function planned({ frames, objects, seconds }) {
  const time = seconds ? `about ${span(seconds)}` : "time unknown";
  return `${counted(objects.length, "object")} over ${counted(frames, "frame")}, ${time}. Labels by people stay as they are.`;
}

/** @param {[number, number]} seconds */
function span([low, high]) {
  const [from, to] = [low, high].map((one) => (one < 10 ? one.toFixed(1) : String(Math.round(one))));
  return from === to ? `${to} s` : `${from} to ${to} s`;
}
