// @ts-check
// The frame that is open, and the next one, are made ready for clicks before anybody clicks.

import { ask } from "../../shared/api.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sam.js").Sam} Sam */

const AFTER_MS = 150;

/** @param {Bench} bench @param {Sam} sam */
export function keepWarm(bench, sam) {
  /** @type {number | undefined} */
  let timer;
  /** @type {number | null} the frame that was warmed last */
  let warmed = null;
  const warm = async () => {
    const frame = bench.shown;
    if (!sam.on || bench.playing || warmed === frame) return;
    warmed = frame;
    const next = bench.clip(frame + bench.frames.direction);
    try {
      sam.answering = await ask("POST", `tasks/${bench.facts.task}/prompts/warm/`, { frames: [...new Set([frame, next])] });
    } catch {
      // It is a favour only: what is wrong is said with the first click.
      [warmed, sam.answering] = [null, null];
    }
    sam.changed();
  };
  const soon = () => {
    clearTimeout(timer);
    if (!sam.on) warmed = null;
    else timer = setTimeout(warm, AFTER_MS);
  };
  bench.on(["shown", "tool", "playing"], soon);
}
