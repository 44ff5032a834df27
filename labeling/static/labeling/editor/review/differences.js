// @ts-check
// Where the selected objects are no longer as runs wrote them, over all frames; the next such frame is a key away.

import { ask } from "../../shared/api.js";
import { counted } from "../jobs/runs.js";
import { nextFrame, tally } from "./differing.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("./differing.js").Found} Found */

const SOON_MS = 400;

/** Event `change`: something else is known. */
export class Differences extends EventTarget {
  /**
   * @param {Bench} bench
   * @param {import("./compare.js").Compare} compare
   */
  constructor(bench, compare) {
    super();
    this.bench = bench;
    this.compare = compare;
    /** @type {Found[]} of the objects that were selected */
    this.found = [];
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {number | undefined} */
    this.timer = undefined;
    compare.addEventListener("change", () => this.soon(0));
    bench.on(["selection"], () => this.soon(0));
    // Tracks change with whatever is saved, of ours or of others.
    bench.on(["tracks"], () => this.soon(SOON_MS));
  }

  /** @param {number} wait */
  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.read().catch(() => this.take([])), wait);
  }

  async read() {
    this.asking?.abort();
    if (!this.compare.on) return this.take([]);
    const { signal } = (this.asking = new AbortController());
    const { selection, store } = this.bench;
    const ids = [...selection].flatMap((key) => store.instances.get(key)?.id ?? []);
    const found = await Promise.all(ids.map((id) => ask("GET", `instances/${id}/differences/`, undefined, { signal })));
    if (!signal.aborted) this.take(found);
  }

  /** @param {Found[]} found */
  take(found) {
    this.found = found;
    this.dispatchEvent(new Event("change"));
  }

  /** What is known, in words; empty while nothing is compared. */
  get sentence() {
    if (!this.compare.on) return "";
    if (!this.bench.selection.size) return "Select an object to compare all of its frames.";
    const { written, changed, absent, gone } = tally(this.found);
    if (!written) return "No run has written labels of it that stand.";
    const parts = [[changed, "changed"], [absent, "marked absent"], [gone, "without a label"]].filter(([count]) => count);
    const all = `${counted(written, "frame")} by runs`;
    const differ = changed + absent + gone;
    return differ ? `Of ${all} ${differ} differ now: ${parts.map(([count, word]) => `${count} ${word}`).join(", ")}.` : `${all}, all as they were written.`;
  }

  /** Go to the next frame that differs, or the one before; around the end. @param {1 | -1} by */
  async step(by) {
    if (!this.compare.on) await this.compare.toggle();
    await this.read();
    const frame = nextFrame(this.found, this.bench.frame, by);
    if (frame === null) this.bench.say(this.sentence);
    else this.bench.go(frame);
  }
}
