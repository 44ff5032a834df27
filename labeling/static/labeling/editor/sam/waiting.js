// @ts-check
// What the page shows while an answer is on its way: nothing for a moment, then ever more. Pure.

/** @typedef {import("./types.js").Reply} Reply */

export const RING_MS = 200;
const PREPARING_MS = 600;
const QUEUED_MS = 1000;
const NO_WORKER_MS = 5000;

/**
 * @param {number} ms since the prompt was sent
 * @param {Pick<Reply, "state" | "position" | "sentence"> | null} standing what the server said last; null when nothing yet
 * @returns {{ring: boolean, sentence: string}}
 */
export function waitingSays(ms, standing) {
  const ring = ms >= RING_MS;
  if (ms < PREPARING_MS) return { ring, sentence: "" };
  if (ms >= NO_WORKER_MS && standing?.state === "no_worker") return { ring, sentence: standing.sentence };
  const position = standing?.state === "waiting" ? (standing.position ?? 0) : 0;
  if (ms >= QUEUED_MS && position > 0) return { ring, sentence: `Queued, position ${position}` };
  return { ring, sentence: "Preparing frame…" };
}
