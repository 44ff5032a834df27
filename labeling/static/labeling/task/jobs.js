// @ts-check
// The jobs of this task: the chip in the header, cancelling, and taking a run back.

import { ask } from "../shared/api.js";
import { announce, byId } from "../shared/dom.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./feed.js").Feed} Feed */
/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("../shared/events.js").ServerEvent} ServerEvent */

const WORDS = {
  queued: "Queued", running: "Tracking", paused: "Paused", cancelling: "Cancelling", succeeded: "Tracked",
  partial: "Partly tracked", failed: "Tracking failed", cancelled: "Cancelled",
};

export class Jobs {
  /**
   * @param {Bench} bench
   * @param {Feed} feed
   */
  constructor(bench, feed) {
    this.bench = bench;
    this.feed = feed;
    /** @type {Job | null} the one that the chip shows */
    this.job = null;
    this.choosing = false;
    byId("job-cancel").addEventListener("click", () => this.choose(true));
    byId("job-go-on").addEventListener("click", () => this.choose(false));
    byId("job-keep").addEventListener("click", () => this.cancel(true));
    byId("job-discard").addEventListener("click", () => this.cancel(false));
    byId("job-undo").addEventListener("click", () => this.undo());
    byId("job-close").addEventListener("click", () => this.show(null));
  }

  /** Show the job that is at work on this task, if there is one. */
  async start() {
    const answer = await ask("GET", `tasks/${this.bench.facts.task}/jobs/?limit=20`);
    const active = answer.results.find((/** @type {Job} */ job) => !job.finished_at);
    if (active) this.show(active);
  }

  /** @param {ServerEvent} event */
  async heard(event) {
    if (event.task !== this.bench.facts.task) return;
    this.feed.pull();
    if (event.job === null) return;
    const mine = this.job?.id === event.job;
    if (mine && this.job && event.kind === "job.progress") {
      this.show({ ...this.job, state: event.payload["state"], frames_done: event.payload["frames_done"] });
    } else if (mine || !this.job || this.job.finished_at) {
      await this.read(event.job);
    }
  }

  /** @param {number} id */
  async read(id) {
    const before = this.job;
    /** @type {Job} */
    const job = await ask("GET", `jobs/${id}/`);
    this.show(job);
    if (job.finished_at && !(before?.id === id && before.finished_at)) this.said(summary(job));
  }

  /** @param {Job | null} job */
  show(job) {
    if (!job || job.finished_at) this.choosing = false;
    this.job = job;
    byId("job-chip").hidden = job === null;
    if (!job) return;
    const over = job.finished_at !== null;
    byId("job-words").textContent = over ? summary(job) : words(job);
    byId("job-words").setAttribute("href", this.bench.facts.jobPage.replace("/0/", `/${job.id}/`));
    const bar = byId("job-bar", HTMLProgressElement);
    bar.hidden = over;
    bar.max = job.frames_total || 1;
    bar.value = job.frames_done;
    const steers = job.may_steer !== false;
    const cancels = steers && !over && job.state !== "cancelling";
    byId("job-cancel").hidden = !cancels || this.choosing;
    byId("job-choice").hidden = !cancels || !this.choosing;
    byId("job-undo").hidden = !steers || !over || !job.labels_written || job.reverted_at !== null;
    byId("job-close").hidden = !over;
    this.bench.tell("jobs");
  }

  /** @param {boolean} choosing */
  choose(choosing) {
    this.choosing = choosing;
    this.show(this.job);
    byId(choosing ? "job-keep" : "job-cancel").focus();
  }

  /** @param {boolean} keep */
  async cancel(keep) {
    if (!this.job) return;
    await this.attempt(async (job) => this.show(await ask("POST", `jobs/${job.id}/cancel/`, { keep })));
    this.feed.pull();
  }

  /** Take the last run back; one that still runs is cancelled instead. */
  async undo() {
    if (!this.job || this.job.reverted_at) return;
    if (!this.job.finished_at) {
      this.choose(true);
      return;
    }
    await this.attempt(async (job) => {
      const { removed, kept, job: after } = await ask("POST", `jobs/${job.id}/revert/`);
      this.show(after);
      const rest = kept ? `, kept ${kept} that somebody touched since` : "";
      const sentence = `Removed ${removed} label${removed === 1 ? "" : "s"}${rest}.`;
      byId("job-words").textContent = sentence;
      this.said(sentence);
    });
    this.feed.pull();
  }

  /** @param {(job: Job) => Promise<void>} run */
  async attempt(run) {
    if (!this.job) return;
    try {
      await run(this.job);
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      byId("job-words").textContent = sentence;
      this.said(sentence);
    }
  }

  /** @param {string} sentence */
  said(sentence) {
    announce(byId("said"), sentence);
  }
}

/** @param {Job} job */
function words(job) {
  if (job.state === "queued" && job.waiting_for_worker) return "Waiting for a worker";
  const word = WORDS[/** @type {keyof typeof WORDS} */ (job.state)] ?? job.state;
  return job.state === "queued" ? word : `${word} ${job.frames_done}/${job.frames_total}`;
}

/** @param {Job} job */
function summary(job) {
  const word = WORDS[/** @type {keyof typeof WORDS} */ (job.state)] ?? job.state;
  if (job.reverted_at) return job.state === "cancelled" ? "Cancelled, labels taken back" : "Run taken back";
  if (job.state === "failed") return job.error ? `${word}: ${job.error}` : word;
  return `${word}: ${job.labels_written} label${job.labels_written === 1 ? "" : "s"}`;
}
