// @ts-check
// The labels of the shown frame as their runs wrote them, beside what stands there now.

import { ask } from "../../shared/api.js";

/** @typedef {import("../bench.js").Bench} Bench */

export class Compare {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.on = false;
    /** @type {AbortController | null} */
    this.asking = null;
    bench.on(["shown", "selection"], () => this.on && this.read());
  }

  toggle() {
    this.on = !this.on;
    if (this.on) this.read();
    else this.show(null);
  }

  /** Read what the runs wrote on the shown frame for the objects that are chosen, or for all. */
  async read() {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const { bench } = this;
    const frame = bench.shown;
    try {
      const jobs = await ask("GET", `tasks/${bench.facts.task}/jobs/?limit=50`, undefined, { signal: asking.signal });
      /** @type {import("../types.js").Label[]} */
      const labels = [];
      for (const job of jobs.results) {
        if (!job.labels_written || job.first_frame > frame || job.last_frame < frame) continue;
        const answer = await ask("GET", `jobs/${job.id}/original/?first=${frame}&last=${frame}`, undefined, { signal: asking.signal });
        labels.push(...answer.labels.map((/** @type {any} */ one) => ({ ...one, instance: bench.store.keyOf(one.instance) })));
      }
      const wanted = (/** @type {import("../types.js").Label} */ one) => !bench.selection.size || bench.selection.has(one.instance);
      this.show(labels.filter((one) => one.instance !== undefined && wanted(one)));
    } catch (error) {
      if (asking.signal.aborted) return;
      this.on = false;
      bench.say(error instanceof Error ? error.message : String(error), "bad");
    }
  }

  /** @param {import("../types.js").Label[] | null} labels */
  show(labels) {
    this.bench.canvas.compare = labels;
    this.bench.canvas.invalidate();
  }
}
