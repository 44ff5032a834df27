// @ts-check
// Run tracking: over a range, after a dry run that says what it comes to.

import { ask } from "../shared/api.js";
import { byId, make } from "../shared/dom.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./jobs.js").Jobs} Jobs */
/** @typedef {import("./saving.js").Saving} Saving */

const PAUSE_MS = 250;

export class Tracking {
  /**
   * @param {Bench} bench
   * @param {Jobs} jobs
   * @param {Saving} saving
   */
  constructor(bench, jobs, saving) {
    this.bench = bench;
    this.jobs = jobs;
    this.saving = saving;
    this.first = byId("track-first", HTMLInputElement);
    this.last = byId("track-last", HTMLInputElement);
    this.direction = byId("track-direction", HTMLSelectElement);
    this.interval = byId("track-interval", HTMLInputElement);
    // A range that a person typed stays while they step through frames.
    this.typed = false;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {AbortController | null} */
    this.asking = null;
    for (const field of [this.first, this.last]) field.addEventListener("input", () => (this.typed = true));
    byId("track-form").addEventListener("input", () => this.soon());
    byId("track-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    this.direction.addEventListener("change", () => this.fit());
    byId("track-reset").addEventListener("click", () => {
      this.typed = false;
      this.fit();
    });
    bench.on(["shown"], () => this.fit());
    bench.on(["selection", "instances", "jobs"], () => this.soon());
    saving.addEventListener("state", () => saving.state !== "saving" && this.soon());
    this.fit();
  }

  /** The range that is meant unless told: so many frames from the one that is shown, itself included. */
  fit() {
    byId("track-reset").hidden = !this.typed;
    if (!this.typed) {
      const { shown, facts } = this.bench;
      const reach = facts.trackingFrames - 1;
      const back = this.direction.value === "backwards";
      this.first.valueAsNumber = back ? Math.max(shown - reach, facts.first) : shown;
      this.last.valueAsNumber = back ? shown : Math.min(shown + reach, facts.last);
    }
    this.soon();
  }

  soon() {
    byId("track-reset").hidden = !this.typed;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), PAUSE_MS);
  }

  order() {
    return {
      kind: "track",
      instances: [...this.bench.selection],
      first_frame: this.first.valueAsNumber,
      last_frame: this.last.valueAsNumber,
      direction: this.direction.value,
      interval: this.interval.valueAsNumber,
      from_editor: true,
    };
  }

  /** @returns {string} what is missing before anything can be asked */
  missing() {
    if (!this.bench.selection.size) return "Select the objects to track.";
    const unseen = [...this.bench.selection].every((id) => !this.seeded(id));
    if (unseen) return "None of the selected objects has a label to start from.";
    const numbers = [this.first, this.last, this.interval].map((field) => field.valueAsNumber);
    return numbers.every(Number.isInteger) ? "" : "Say from which frame to which.";
  }

  /**
   * Say whether the object has a label at or before the end of the range, along the direction.
   * @param {number} id
   */
  seeded(id) {
    const { first = null, last = null } = this.bench.instances.get(id)?.labelled ?? {};
    if (first === null || last === null) return false;
    if (this.direction.value === "backwards") return !(last < this.first.valueAsNumber);
    return !(first > this.last.valueAsNumber);
  }

  async preview() {
    this.asking?.abort();
    // What is being saved belongs to the plan: it is asked for once that is over.
    if (this.saving.state === "saving") return;
    const missing = this.missing();
    if (missing) {
      this.say(missing, [], false);
      return;
    }
    const asking = (this.asking = new AbortController());
    try {
      const { signal } = asking;
      const plan = await ask("POST", this.path("?dry_run=true"), this.order(), { signal });
      this.say(told(plan), plan.warnings, true);
    } catch (error) {
      if (!asking.signal.aborted) this.say(sentence(error), [], false);
    }
  }

  /** @param {string} [query] */
  path(query = "") {
    return `tasks/${this.bench.facts.task}/jobs/${query}`;
  }

  /**
   * @param {string} text
   * @param {string[]} warnings
   * @param {boolean} ready
   */
  say(text, warnings, ready) {
    const shown = warnings.map((warning) => make("p", { class: "said warn slim" }, warning));
    byId("track-plan").replaceChildren(make("p", { class: ready ? "small" : "small muted" }, text), ...shown);
    byId("track-run", HTMLButtonElement).disabled = !ready;
  }

  /** Queue the run. */
  async run() {
    clearTimeout(this.timer);
    if (!this.bench.facts.mayRun || this.missing()) return;
    byId("track-run", HTMLButtonElement).disabled = true;
    try {
      const job = await ask("POST", this.path(), this.order(), { key: crypto.randomUUID() });
      this.typed = false;
      this.jobs.show(job);
      this.fit();
    } catch (error) {
      this.say(sentence(error), [], false);
    }
  }

  /** By key: track the selected objects from the frame that is shown. @param {"forwards" | "backwards"} direction */
  async runFromHere(direction) {
    const known = [...this.direction.options].some((option) => option.value === direction);
    if (!known) return;
    this.direction.value = direction;
    this.typed = false;
    this.fit();
    await this.run();
  }
}

/** @param {{frames: number, objects: unknown[], seconds: [number, number] | null}} plan */
function told({ frames, objects, seconds }) {
  const of = `${objects.length} object${objects.length === 1 ? "" : "s"} over ${frames} frame${frames === 1 ? "" : "s"}`;
  const time = seconds ? `about ${span(seconds)}` : "time unknown";
  return `${of}, ${time}. Labels by people stay as they are.`;
}

/** @param {[number, number]} seconds */
function span([low, high]) {
  const [from, to] = [low, high].map((one) => (one < 10 ? one.toFixed(1) : String(Math.round(one))));
  return from === to ? `${to} s` : `${from} to ${to} s`;
}

/** @param {unknown} error */
function sentence(error) {
  return error instanceof Error ? error.message : String(error);
}
