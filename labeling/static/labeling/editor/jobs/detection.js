// @ts-check
// Detection in the drawer: all objects of some classes are found by a run, which is said before it is ordered.

import { byId } from "../../shared/dom.js";
import { DetectForm } from "./detectform.js";
import { Ordering } from "./ordering.js";
import { looked } from "./runs.js";

/** @typedef {import("../bench.js").Bench} Bench */

const PAUSE_MS = 250;

export class Detection {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} place
   * @param {import("./chip.js").JobChip} chip
   */
  constructor(bench, place, chip) {
    this.bench = bench;
    this.ordering = new Ordering(bench, chip);
    this.form = new DetectForm(bench);
    /** @type {number | undefined} */
    this.timer = undefined;
    place.append(this.form.element);
    this.listen();
    this.soon();
  }

  listen() {
    const { bench, form } = this;
    form.form.addEventListener("input", () => this.soon());
    form.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.run();
    });
    form.element.addEventListener("toggle", () => this.soon());
    bench.on(["range"], () => {
      if (bench.range) form.range(...bench.range);
    });
    bench.on(["shown", "selection", "instances", "tracks", "range", "jobs", "preferences"], () => this.soon());
    bench.editing.addEventListener("state", () => this.soon());
    byId("tab-jobs").addEventListener("click", () => this.soon());
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.preview(), PAUSE_MS);
  }

  async preview() {
    const { form, bench, ordering } = this;
    ordering.stop();
    if (!form.element.open || form.element.closest("[hidden]") || bench.playing || bench.editing.state === "saving") return;
    form.show();
    if (form.missing) {
      form.say(form.missing, [], false);
      return;
    }
    try {
      const plan = await ordering.plan(form.order);
      if (plan) form.say(looked(plan), plan.warnings, true);
    } catch (error) {
      form.say(sentence(error), [], false);
    }
  }

  async run() {
    const { form, bench } = this;
    clearTimeout(this.timer);
    form.runButton.disabled = true;
    try {
      await this.ordering.place(() => form.order);
    } catch (error) {
      form.say(sentence(error), [], false);
      bench.say(sentence(error), "bad");
    }
  }
}

/** @param {unknown} error */
function sentence(error) {
  return error instanceof Error ? error.message : String(error);
}
