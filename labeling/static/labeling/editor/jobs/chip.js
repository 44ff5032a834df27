// @ts-check
// The chip in the header: how the run of this task stands; cancel it, or take it back.

import { ask } from "../../shared/api.js";
import { announce, byId, make } from "../../shared/dom.js";
import { counted, standing } from "./runs.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./runs.js").Job} Job */

export class JobChip {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Job | null} */
    this.job = null;
    this.choosing = false;
    this.words = make("a", { id: "job-words", href: "#" });
    this.bar = make("progress", { id: "job-bar", "aria-label": "Progress of the job" });
    this.cancelButton = button("job-cancel", "Cancel", () => this.choose(true));
    this.keepButton = button("job-keep", "Keep labels", () => this.cancel(true));
    const discard = button("job-discard", "Discard labels", () => this.cancel(false), "small danger");
    const goOn = button("job-go-on", "Go on", () => this.choose(false), "small quiet");
    this.choice = make("span", { id: "job-choice", class: "actions", hidden: true }, this.keepButton, discard, goOn);
    this.undoButton = button("job-undo", "Undo run", () => this.revert());
    this.closeButton = button("job-close", "×", () => this.show(null), "small quiet icon");
    this.closeButton.setAttribute("aria-label", "Dismiss");
    byId("job-chip").replaceChildren(
      this.words, this.bar, this.cancelButton, this.choice, this.undoButton, this.closeButton,
    );
  }

  /** Show the run that is at work on this task, if there is one. */
  async start() {
    const answer = await ask("GET", `tasks/${this.bench.facts.task}/jobs/?limit=20`);
    const active = answer.results.find((/** @type {Job} */ job) => !job.finished_at);
    if (active) this.show(active);
  }

  /** @param {import("../../shared/events.js").ServerEvent} event */
  async heard(event) {
    if (event.task !== this.bench.facts.task || event.job === null) return;
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
    if (job.finished_at && !(before?.id === id && before.finished_at)) this.announce(standing(job));
  }

  /** @param {Job | null} job */
  show(job) {
    if (!job || job.finished_at) this.choosing = false;
    this.job = job;
    byId("job-chip").hidden = job === null;
    if (job) this.paint(job);
    this.bench.tell("jobs", job);
  }

  /** @param {Job} job */
  paint(job) {
    const over = job.finished_at !== null;
    this.words.textContent = standing(job);
    this.words.href = this.bench.facts.jobPage.replace("/0/", `/${job.id}/`);
    this.bar.hidden = over;
    this.bar.max = job.frames_total || 1;
    this.bar.value = job.frames_done;
    const steers = job.may_steer !== false;
    const cancels = steers && !over && job.state !== "cancelling";
    this.cancelButton.hidden = !cancels || this.choosing;
    this.choice.hidden = !cancels || !this.choosing;
    this.undoButton.hidden = !steers || !over || !job.labels_written || job.reverted_at !== null;
    this.closeButton.hidden = !over;
  }

  /** @param {boolean} choosing */
  choose(choosing) {
    this.choosing = choosing;
    this.show(this.job);
    (choosing ? this.keepButton : this.cancelButton).focus();
  }

  /** @param {boolean} keep */
  async cancel(keep) {
    await this.attempt(async (job) => {
      this.show(await ask("POST", `jobs/${job.id}/cancel/`, { keep }));
      if (!keep) this.bench.editing.turnedJob(job.id, null);
    });
  }

  /** Take the run back, except what somebody touched since. */
  async revert() {
    await this.attempt(async (job) => {
      const { removed, kept, job: after } = await ask("POST", `jobs/${job.id}/revert/`);
      this.show(after);
      this.bench.editing.turnedJob(job.id, true);
      const rest = kept ? `, kept ${kept} that somebody touched since` : "";
      const sentence = `Removed ${counted(removed, "label")}${rest}.`;
      this.words.textContent = sentence;
      this.announce(sentence);
    });
  }

  /** @param {(job: Job) => Promise<void>} run */
  async attempt(run) {
    if (!this.job) return;
    try {
      await run(this.job);
    } catch (error) {
      this.bench.say(error instanceof Error ? error.message : String(error), "bad");
    }
    this.bench.sync.pull();
  }

  /** @param {string} sentence */
  announce(sentence) {
    announce(byId("said"), sentence);
  }
}

/**
 * @param {string} id
 * @param {string} text
 * @param {() => void} run
 * @param {string} [look]
 */
function button(id, text, run, look = "small") {
  const made = make("button", { id, class: look, type: "button" }, text);
  made.addEventListener("click", run);
  return made;
}
