// @ts-check
// The labels of the shown frame as their runs wrote them, beside what stands there now.

import { ask } from "../../shared/api.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */

/** Events: `change` when it is turned on or off. */
export class Compare extends EventTarget {
  /** @param {Bench} bench */
  constructor(bench) {
    super();
    this.bench = bench;
    this.on = false;
    /** @type {AbortController | null} */
    this.asking = null;
    bench.on(["shown", "selection"], () => {
      if (this.on && !bench.playing) this.read().catch((error) => this.failed(error));
    });
  }

  /** Show what the runs wrote, or no longer. */
  async toggle() {
    this.turn(!this.on);
    if (!this.on) return;
    try {
      if (!(await this.read())) this.bench.say("No run has written on this frame.");
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {boolean} on */
  turn(on) {
    this.on = on;
    this.asking?.abort();
    this.show(null);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {unknown} error */
  failed(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    this.turn(false);
    this.bench.say(error instanceof Error ? error.message : String(error), "bad");
  }

  /** Show what runs wrote on the shown frame of the objects that are chosen, or of all. Resolves with how many labels. */
  async read() {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const { bench } = this;
    const { shown, selection } = bench;
    const found = await this.originals(shown, asking.signal);
    const labels = [...found.values()].filter((one) => !selection.size || selection.has(one.instance));
    this.show(labels);
    return labels.length;
  }

  /**
   * What the latest run on each object wrote there; runs that were taken back wrote nothing.
   * @param {number} frame
   * @param {AbortSignal} signal
   * @returns {Promise<Map<Key, Label>>}
   */
  async originals(frame, signal) {
    const { bench } = this;
    const jobs = await ask("GET", `tasks/${bench.facts.task}/jobs/?limit=50`, undefined, { signal });
    /** @type {Map<Key, Label>} */
    const found = new Map();
    for (const job of jobs.results) {
      if (!job.labels_written || job.reverted_at || job.first_frame > frame || job.last_frame < frame) continue;
      const answer = await ask("GET", `jobs/${job.id}/original/?first=${frame}&last=${frame}`, undefined, { signal });
      for (const label of answer.labels) {
        const key = bench.store.keyOf(label.instance);
        if (key !== undefined && !found.has(key)) found.set(key, { ...label, instance: key });
      }
    }
    return found;
  }

  /** @param {Label[] | null} labels */
  show(labels) {
    this.bench.canvas.compare = labels;
  }
}
