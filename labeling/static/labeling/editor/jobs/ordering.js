// @ts-check
// Runs are asked after and ordered here: what an order comes to, and the order itself.

import { ask } from "../../shared/api.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./runs.js").Job} Job */
/** @typedef {import("./runs.js").Plan} Plan */

const AWAY = "No worker that is online takes this now. The run waits for one.";

export class Ordering {
  /**
   * @param {Bench} bench
   * @param {import("./chip.js").JobChip} chip
   */
  constructor(bench, chip) {
    this.bench = bench;
    this.chip = chip;
    this.path = `tasks/${bench.facts.task}/jobs/`;
    /** @type {AbortController | null} */
    this.asking = null;
  }

  /** What was asked last is not waited for any more. */
  stop() {
    this.asking?.abort();
  }

  /**
   * What the order comes to, without placing it. Rejects with the reason why it cannot run.
   * @param {object} order
   * @returns {Promise<Plan | null>} null when something else was asked meanwhile
   */
  async plan(order) {
    this.stop();
    const { signal } = (this.asking = new AbortController());
    try {
      /** @type {Plan} */
      const plan = await ask("POST", `${this.path}?dry_run=true`, order, { signal });
      return plan.waiting_for_worker ? { ...plan, warnings: [AWAY, ...plan.warnings] } : plan;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  /**
   * Save what waits, then queue the run: it is a step of undo, and the chip follows it.
   * @param {() => object | null} order made when everything is saved; null when it is not wanted any more
   * @returns {Promise<Job | null>} null when nothing was ordered
   */
  async place(order) {
    const { bench } = this;
    await bench.editing.flush();
    const wanted = order();
    if (!wanted) return null;
    /** @type {Job} */
    const job = await ask("POST", this.path, wanted, { key: crypto.randomUUID() });
    bench.editing.pushJob(job.id, bench.runs.titleOf(job));
    this.chip.show(job);
    return job;
  }
}
