// @ts-check
// How one run stands, with what can be done to it: cancel it, take it back, bring it back.

import { ask } from "../../shared/api.js";
import { announce, byId, make } from "../../shared/dom.js";
import { broughtBack, standing, takenBack } from "./runs.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./runs.js").Job} Job */

export class RunControls {
  /**
   * @param {Bench} bench
   * @param {boolean} [alone] the only ones of their kind: their parts have ids
   */
  constructor(bench, alone = false) {
    this.bench = bench;
    this.alone = alone;
    /** @type {Job | null} */
    this.job = null;
    this.choosing = false;
    /** @type {string} what was done last, until the run stands otherwise */
    this.said = "";
    this.words = make("a", { class: "run-words", href: "#" });
    this.bar = make("progress", { "aria-label": "Progress of the job" });
    this.cancelButton = this.button("cancel", "Cancel", () => this.choose(true));
    this.keepButton = this.button("keep", "Keep labels", () => this.cancel(true));
    const discard = this.button("discard", "Discard labels", () => this.cancel(false), "small danger");
    const goOn = this.button("go-on", "Go on", () => this.choose(false), "small quiet");
    this.choice = make("span", { class: "actions", hidden: true }, this.keepButton, discard, goOn);
    this.undoButton = this.button("undo", "Undo run", () => this.revert());
    this.redoButton = this.button("redo", "Bring back", () => this.redo());
    if (alone) {
      this.words.id = "job-words";
      this.bar.id = "job-bar";
      this.choice.id = "job-choice";
    }
    this.parts = [this.words, this.bar, this.cancelButton, this.choice, this.undoButton, this.redoButton];
  }

  /** @param {string} name @param {string} text @param {() => void} run @param {string} [look] */
  button(name, text, run, look = "small") {
    const made = make("button", { class: look, type: "button", "data-run": name }, text);
    if (this.alone) made.id = `job-${name}`;
    made.addEventListener("click", run);
    return made;
  }

  /** @param {Job} job */
  show(job) {
    if (job.finished_at) this.choosing = false;
    if (job.id !== this.job?.id || job.reverted_at !== this.job.reverted_at || !job.finished_at) this.said = "";
    this.job = job;
    this.paint();
  }

  paint() {
    const { job } = this;
    if (!job) return;
    const over = job.finished_at !== null;
    const text = this.said || standing(job);
    // Written anew only where it changed: a focused link stays what it is.
    if (this.words.textContent !== text) this.words.textContent = text;
    this.words.title = [this.bench.runs.titleOf(job), `frames ${job.first_frame} to ${job.last_frame}`, job.error].filter(Boolean).join(", ");
    this.words.href = this.bench.facts.jobPage.replace("/0/", `/${job.id}/`);
    this.bar.hidden = over;
    this.bar.max = job.frames_total || 1;
    this.bar.value = job.frames_done;
    const steers = job.may_steer !== false;
    const cancels = steers && !over && job.state !== "cancelling";
    this.cancelButton.hidden = !cancels || this.choosing;
    this.choice.hidden = !cancels || !this.choosing;
    this.undoButton.hidden = !steers || !over || !job.labels_written || job.reverted_at !== null;
    this.redoButton.hidden = !steers || !job.labels_written || job.reverted_at === null;
  }

  /** @param {boolean} choosing */
  choose(choosing) {
    this.choosing = choosing;
    this.paint();
    (choosing ? this.keepButton : this.cancelButton).focus();
  }

  /** @param {boolean} keep */
  cancel(keep) {
    return this.attempt(async ({ id }) => this.bench.tell("jobs", await ask("POST", `jobs/${id}/cancel/`, { keep })));
  }

  /** Take the run back, except what somebody touched since. */
  revert() {
    return this.attempt(async ({ id }) => {
      const { job, ...outcome } = await ask("POST", `jobs/${id}/revert/`);
      this.bench.tell("jobs", job);
      this.say(takenBack(outcome));
    });
  }

  /** Bring it back without running it again. */
  redo() {
    return this.attempt(async ({ id }) => {
      const { job, ...outcome } = await ask("POST", `jobs/${id}/redo/`);
      this.bench.tell("jobs", job);
      this.say(broughtBack(outcome));
    });
  }

  /** @param {(job: Job) => Promise<void>} run */
  async attempt(run) {
    if (!this.job) return;
    try {
      await this.bench.editing.flush();
      await run(this.job);
    } catch (error) {
      this.bench.say(error instanceof Error ? error.message : String(error), "bad");
    }
    this.bench.sync.pull();
  }

  /** @param {string} sentence */
  say(sentence) {
    this.said = sentence;
    this.paint();
    announce(byId("said"), sentence);
  }
}
