// @ts-check
// How a run stands, in words. Pure.

/**
 * @typedef {object} Job
 * @property {number} id
 * @property {"track" | "interpolate" | "detect_all"} kind
 * @property {string} state
 * @property {"forwards" | "backwards"} direction
 * @property {number} first_frame
 * @property {number} last_frame
 * @property {Record<string, any>} parameters of the order
 * @property {number[]} [instances] that it works on; a list of jobs does not say
 * @property {number} frames_done
 * @property {number} frames_total
 * @property {number} labels_written
 * @property {string} error
 * @property {string | null} finished_at
 * @property {string | null} reverted_at
 * @property {{id: number, username: string} | null} reverted_by
 * @property {{id: number, username: string} | null} created_by
 * @property {string} created_at
 * @property {boolean} waiting_for_worker
 * @property {number | null} [queue_position]
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
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun}${noun.endsWith("s") ? "es" : "s"}`;
}

/** What was ordered: “Tracking of 2 objects”. @param {Job} job @param {(id: number) => string | undefined} nameOf a class */
export function titleOf({ kind, parameters }, nameOf) {
  if (kind !== "detect_all") return `${kind === "track" ? "Tracking" : "Interpolation"} of ${counted(parameters["instances"]?.length ?? 0, "object")}`;
  const names = (parameters["classes"] ?? []).map((/** @type {{object_class: number}} */ one) => nameOf(one.object_class) ?? "a class");
  return `Detection of ${names.length > 3 ? counted(names.length, "class") : names.join(", ")}`;
}

/**
 * @typedef {object} Outcome what taking a run back, or bringing it back, came to
 * @property {number} [removed]
 * @property {number} [written]
 * @property {number} kept
 * @property {number} kept_own of those, as this person left them
 * @property {number} instances
 */

/** @param {Outcome} outcome */
export function takenBack({ removed = 0, ...rest }) {
  return `Removed ${moved(removed, rest)}${left(rest)}.`;
}

/** @param {Outcome} outcome */
export function broughtBack({ written = 0, ...rest }) {
  return `Brought back ${moved(written, rest)}${left(rest)}.`;
}

/** @param {number} labels @param {{instances: number, kept: number}} counts */
function moved(labels, { instances, kept }) {
  if (instances) return `${counted(labels, "label")} and ${counted(instances, "object")}`;
  // Beside what was kept it is plain what is counted, and there is little room.
  return kept ? String(labels) : counted(labels, "label");
}

/** @param {{kept: number, kept_own: number}} counts */
function left({ kept, kept_own: own }) {
  if (!kept) return "";
  if (own === kept) return `, kept ${kept} you edited`;
  return `, kept ${kept} that were changed since${own ? ` (${own} by you)` : ""}`;
}

/** How far a run is, or how it ended. @param {Job} job */
export function standing(job) {
  const word = (WORDS[job.kind] ?? TRACKING)[job.state] ?? job.state;
  if (!job.finished_at) {
    const far = `${job.frames_done}/${job.frames_total}`;
    // Its worker is gone, and nobody else has taken it up.
    if (job.waiting_for_worker) return job.frames_done ? `Waiting for a worker, ${far}` : "Waiting for a worker";
    if (job.state === "queued") return (job.queue_position ?? 0) > 1 ? `${word}, position ${job.queue_position}` : word;
    return `${word} ${far}`;
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
 * @property {string | null} detector
 * @property {{name: string, words: string, examples: object[]}[]} classes as they would be looked for
 */

/** What a detection comes to. @param {Plan} plan */
export function looked({ frames, classes, detector, seconds }) {
  const what = classes.map(({ name, words, examples }) => {
    const like = examples.length ? `${name} like ${counted(examples.length, "label")}` : name;
    return words && words !== name ? `${like}, as “${words}”` : like;
  });
  return `${counted(frames, "frame")} to look at, by ${detector}, for ${what.join("; ")}. ${time(seconds)}. Labels by people stay as they are.`;
}

/** @param {[number, number] | null} seconds */
function time(seconds) {
  return seconds ? `About ${span(seconds)}` : "Time unknown";
}

/** @param {Plan} plan @param {boolean} interpolates */
export function planned({ frames, frames_before: before, objects, seconds }, interpolates) {
  const through = before ? `, ${before} of them before the range, tracked through and not written` : "";
  const what = interpolates ? `${counted(frames, "label")} to fill` : `over ${counted(frames, "frame")}${through}`;
  return `${counted(objects.length, "object")} ${interpolates ? "with " : ""}${what}. ${time(seconds)}. Labels by people stay as they are.`;
}

/** @param {[number, number]} seconds */
function span([low, high]) {
  const [from, to] = [low, high].map((one) => (one < 10 ? one.toFixed(1) : String(Math.round(one))));
  return from === to ? `${to} s` : `${from} to ${to} s`;
}
