// @ts-check
// The drawer of automated labeling: tracking over a range, after a dry run that says what it comes to.

import { ask } from "../../shared/api.js";
import { byId, make } from "../../shared/dom.js";
import { counted, planned } from "./runs.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./chip.js").JobChip} JobChip */

const PAUSE_MS = 250;

export class Drawer {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} place
   * @param {JobChip} chip
   */
  constructor(bench, place, chip) {
    this.bench = bench;
    this.chip = chip;
    // A range that a person typed stays while they step through frames.
    this.typed = false;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {AbortController | null} */
    this.asking = null;
    const { first, last, directions } = this.bench.facts;
    this.first = number("track-first", first, last);
    this.last = number("track-last", first, last);
    this.interval = number("track-interval", 0, 100_000);
    this.interval.value = "30";
    this.direction = make("select", { id: "track-direction" });
    for (const one of directions) this.direction.append(make("option", { value: one }, one === "forwards" ? "Forwards" : "Backwards"));
    this.reset = make("button", { class: "small quiet", type: "button", id: "track-reset", hidden: true }, "From the shown frame");
    this.plan = make("div", { id: "track-plan", class: "stack tight", "aria-live": "polite" });
    this.runButton = make("button", { class: "primary", type: "submit", id: "track-run", disabled: true }, "Run tracking");
    this.form = this.build();
    place.append(this.form);
    this.listen();
    this.fit();
  }

  /** @returns {HTMLFormElement} */
  build() {
    return make(
      "form", { class: "track", id: "track-form" },
      make("h2", {}, "Tracking"),
      make("div", { class: "pair" }, make("label", {}, "From frame", this.first), make("label", {}, "To frame", this.last)),
      this.reset,
      make("label", {}, "Direction", this.direction),
      make("label", { title: "So many frames in a row without the object are tolerated before its tracking ends" }, "Annotation interval", this.interval),
      this.plan,
      this.runButton,
    );
  }

  listen() {
    for (const field of [this.first, this.last]) field.addEventListener("input", () => (this.typed = true));
    this.form.addEventListener("input", () => this.soon());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    this.direction.addEventListener("change", () => this.fit());
    this.reset.addEventListener("click", () => {
      this.typed = false;
      this.fit();
    });
    this.bench.on(["shown"], () => this.fit());
    this.bench.on(["range"], () => this.takeRange());
    this.bench.on(["selection", "instances", "jobs"], () => this.soon());
    this.bench.editing.addEventListener("state", () => this.soon());
    byId("tab-jobs").addEventListener("click", () => this.soon());
  }

  /** The range that is meant unless told: so many frames from the one that is shown, itself included. */
  fit() {
    if (!this.typed) {
      const { shown, facts } = this.bench;
      const reach = Number(this.bench.preferences.get("tracking_range")) - 1;
      const back = this.direction.value === "backwards";
      this.range(back ? Math.max(shown - reach, facts.first) : shown, back ? shown : Math.min(shown + reach, facts.last));
    }
    this.soon();
  }

  /** @param {number} first @param {number} last */
  range(first, last) {
    this.first.valueAsNumber = first;
    this.last.valueAsNumber = last;
  }

  /** Frames chosen on the timeline are the range. */
  takeRange() {
    if (!this.bench.range) return;
    this.typed = true;
    this.range(...this.bench.range);
    this.soon();
  }

  soon() {
    this.reset.hidden = !this.typed;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), PAUSE_MS);
  }

  /** The objects that are chosen, as the server numbers them; those it does not have yet are left out. */
  instances() {
    return [...this.bench.selection].map((key) => this.bench.store.instances.get(key)?.id ?? null).filter((id) => id !== null);
  }

  order() {
    return {
      kind: "track",
      instances: this.instances(),
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
    if (![...this.bench.selection].some((key) => this.seeded(key))) {
      return "None of the selected objects has a label to start from.";
    }
    const numbers = [this.first, this.last, this.interval].map((field) => field.valueAsNumber);
    return numbers.every(Number.isInteger) ? "" : "Say from which frame to which.";
  }

  /**
   * Say whether the object has a label at or before the end of the range, along the direction.
   * @param {string} key
   */
  seeded(key) {
    const { first = null, last = null } = this.bench.store.instances.get(key)?.labelled ?? {};
    if (first === null || last === null) return false;
    if (this.direction.value === "backwards") return !(last < this.first.valueAsNumber);
    return !(first > this.last.valueAsNumber);
  }

  async preview() {
    this.asking?.abort();
    // What is being saved belongs to the plan: it is asked for once that is over.
    if (this.form.closest("[hidden]") || this.bench.editing.state === "saving") return;
    const missing = this.missing();
    if (missing) {
      this.say(missing, [], false);
      return;
    }
    const asking = (this.asking = new AbortController());
    try {
      const plan = await ask("POST", this.path("?dry_run=true"), this.order(), { signal: asking.signal });
      this.say(planned(plan), plan.warnings, true);
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
    this.plan.replaceChildren(make("p", { class: ready ? "small" : "small muted" }, text), ...shown);
    this.runButton.disabled = !ready;
  }

  /** Save what waits, then queue the run. */
  async run() {
    clearTimeout(this.timer);
    const missing = this.missing();
    if (missing) {
      this.bench.say(missing, "warn");
      return;
    }
    this.runButton.disabled = true;
    try {
      await this.bench.editing.flush();
      const job = await ask("POST", this.path(), this.order(), { key: crypto.randomUUID() });
      // Frames that are chosen on the timeline still are.
      this.typed = this.bench.range !== null;
      this.bench.editing.pushJob(job.id, `Tracking of ${counted(job.instances?.length ?? this.bench.selection.size, "object")}`);
      this.chip.show(job);
      this.fit();
    } catch (error) {
      this.say(sentence(error), [], false);
      this.bench.say(sentence(error), "bad");
    }
  }

  /** Track the selected objects from the frame that is shown. @param {"forwards" | "backwards"} direction */
  async runFromHere(direction) {
    this.direction.value = direction;
    this.typed = false;
    this.fit();
    await this.run();
  }

  /** Track the selected objects over the frames that were chosen on the timeline. */
  async runRange() {
    this.direction.value = "forwards";
    this.takeRange();
    await this.run();
  }
}

/**
 * @param {string} id
 * @param {number} min
 * @param {number} max
 */
function number(id, min, max) {
  return make("input", { type: "number", id, min: String(min), max: String(max), step: "1", required: true });
}

/** @param {unknown} error */
function sentence(error) {
  return error instanceof Error ? error.message : String(error);
}
