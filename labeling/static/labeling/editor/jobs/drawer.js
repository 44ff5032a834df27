// @ts-check
// The drawer of automated labeling: tracking and interpolation, after a dry run that says what it comes to.

import { byId } from "../../shared/dom.js";
import { section } from "./fields.js";
import { Form } from "./form.js";
import { Ordering } from "./ordering.js";
import { planned } from "./runs.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./chip.js").JobChip} JobChip */
/** @typedef {{fast?: boolean, fromEditor?: boolean}} How */

const PAUSE_MS = 250;

export class Drawer {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} place
   * @param {JobChip} chip
   */
  constructor(bench, place, chip) {
    this.bench = bench;
    this.ordering = new Ordering(bench, chip);
    // A range that a person typed stays while they step through frames.
    this.typed = false;
    /** @type {number | undefined} */
    this.timer = undefined;
    this.form = new Form(bench);
    place.append(section("Tracking and interpolation", true, this.form.element));
    this.listen();
    this.fit();
  }

  listen() {
    const { element, first, last, method, direction, reset } = this.form;
    for (const field of [first, last]) field.addEventListener("input", () => (this.typed = true));
    element.addEventListener("input", () => this.soon());
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.run();
    });
    for (const field of [method, direction]) field.addEventListener("change", () => this.fit());
    reset.addEventListener("click", () => {
      this.typed = false;
      this.fit();
    });
    this.bench.on(["shown"], () => this.fit());
    this.bench.on(["range"], () => this.takeRange());
    this.bench.on(["selection", "instances", "jobs", "preferences"], () => this.soon());
    this.bench.editing.addEventListener("state", () => this.soon());
    byId("tab-jobs").addEventListener("click", () => this.soon());
  }

  /**
   * The range that is meant unless told. Tracking: so many frames from the one that is shown, itself
   * included. Interpolation: all frames.
   */
  fit() {
    if (!this.typed) {
      const { shown, facts } = this.bench;
      const reach = Number(this.bench.preferences.get("tracking_range")) - 1;
      if (this.form.interpolates) this.form.range(facts.first, facts.last);
      else if (this.form.backwards) this.form.range(Math.max(shown - reach, facts.first), shown);
      else this.form.range(shown, Math.min(shown + reach, facts.last));
    }
    this.soon();
  }

  /** Frames chosen on the timeline are the range. */
  takeRange() {
    if (!this.bench.range) return;
    this.typed = true;
    this.form.range(...this.bench.range);
    this.soon();
  }

  soon() {
    this.form.reset.hidden = !this.typed;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), PAUSE_MS);
  }

  /** The objects that are chosen, as the server numbers them; those it does not have yet are left out. */
  instances() {
    return [...this.bench.selection].map((key) => this.bench.store.instances.get(key)?.id ?? null).filter((id) => id !== null);
  }

  /** @returns {string} what is missing before anything can be asked */
  missing() {
    const { interpolates } = this.form;
    if (!this.bench.selection.size) return `Select the objects to ${interpolates ? "interpolate" : "track"}.`;
    if (![...this.bench.selection].some((key) => this.startable(key))) {
      return interpolates ? "None of the selected objects has two labels." : "None of the selected objects has a label to start from.";
    }
    return this.form.whole ? "" : "Say from which frame to which.";
  }

  /**
   * Whether there may be something to do: two labels to fill between, or one to track from, at or before
   * the end of the range, along the direction.
   * @param {string} key
   */
  startable(key) {
    const { first = null, last = null, count = 0 } = this.bench.store.instances.get(key)?.labelled ?? {};
    if (first === null || last === null) return false;
    if (this.form.interpolates) return count > 1;
    return this.form.backwards ? !(last < this.form.first.valueAsNumber) : !(first > this.form.last.valueAsNumber);
  }

  async preview() {
    this.ordering.stop();
    // What is being saved belongs to the plan: it is asked for once that is over.
    if (this.form.element.closest("[hidden], details:not([open])") || this.bench.editing.state === "saving") return;
    const missing = this.missing();
    if (missing) {
      this.form.say(missing, [], false);
      return;
    }
    try {
      const plan = await this.ordering.plan(this.form.order(this.instances()));
      if (plan) this.form.say(planned(plan, this.form.interpolates), plan.warnings, true);
    } catch (error) {
      this.form.say(sentence(error), [], false);
    }
  }

  /** Save what waits, then queue the run. @param {How} [how] */
  async run(how = {}) {
    clearTimeout(this.timer);
    const missing = this.missing();
    if (missing) {
      this.bench.say(missing, "warn");
      return;
    }
    this.form.runButton.disabled = true;
    try {
      await this.ordering.place(() => this.form.order(this.instances(), how));
      // Frames that are chosen on the timeline still are.
      this.typed = this.bench.range !== null;
      this.fit();
    } catch (error) {
      this.form.say(sentence(error), [], false);
      this.bench.say(sentence(error), "bad");
    }
  }

  /**
   * Track the selected objects from the frame that is shown.
   * @param {import("./form.js").Direction} direction
   * @param {How} [how]
   */
  async runFromHere(direction, how = {}) {
    this.form.use("track", direction);
    this.typed = false;
    this.fit();
    await this.run({ fromEditor: true, ...how });
  }

  /** Track the selected objects from the frame that is shown to another one, as far as a run from the editor may. @param {number} last */
  async runUpTo(last) {
    const { shown, facts } = this.bench;
    this.form.use("track");
    this.typed = true;
    this.form.range(shown, Math.min(last, shown + facts.trackingFramesMax - 1));
    await this.run({ fromEditor: true });
    this.typed = false;
    this.fit();
  }

  /** Track the selected objects over the frames that were chosen on the timeline. */
  async runRange() {
    this.form.use("track");
    this.takeRange();
    await this.run({ fromEditor: true });
  }

  /** Fill the frames between the selected objects' labels: those chosen on the timeline, else all. */
  async interpolate() {
    this.form.use("interpolate");
    this.typed = false;
    this.takeRange();
    this.fit();
    await this.run();
  }
}

/** @param {unknown} error */
function sentence(error) {
  return error instanceof Error ? error.message : String(error);
}
