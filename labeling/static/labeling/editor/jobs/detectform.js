// @ts-check
// The fields of the section Detection: what is looked for, where, and what becomes of what is found.

import { make } from "../../shared/dom.js";
import { excludes } from "../sam/panoptic.js";
import { segmentable } from "../sam/segmentable.js";
import { checkField, numberField, sayPlan, section } from "./fields.js";
import { trackerMeant } from "./trackable.js";
import { WantedClass } from "./wanted.js";

/** @typedef {import("../bench.js").Bench} Bench */

const OVERLAP = 0.7;
const OVERLAP_HINT = "What covers a label of its class by more than this share (intersection over union) is skipped; 1 skips nothing";
const STEP_HINT = "Every so many frames one is looked at; 1 is every frame";

export class DetectForm {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    const { first, last, classes, directions } = bench.facts;
    const single = first === last;
    this.wanted = classes.filter((one) => !one.archived).map((one) => new WantedClass(bench, one, segmentable(bench, one)));
    this.first = numberField("detect-first", { min: first, max: last, value: first });
    this.last = numberField("detect-last", { min: first, max: last, value: last });
    this.step = numberField("detect-step", { min: 1, max: last - first + 1, value: 1 });
    this.overlap = numberField("detect-overlap", { min: 0, max: 1, step: "0.05", value: OVERLAP });
    this.link = checkField("detect-link", "Link over frames: an object found again is the same one", !single);
    this.fill = checkField("detect-fill", "Fill the frames between by tracking", false);
    this.plan = make("div", { id: "detect-plan", class: "stack tight", "aria-live": "polite" });
    this.runButton = make("button", { class: "primary", type: "submit", id: "detect-run", disabled: true }, "Run detection");
    const frames = make(
      "div", { class: "stack tight", hidden: single },
      make("div", { class: "pair" }, make("label", {}, "From frame", this.first), make("label", {}, "To frame", this.last)),
      make("label", { title: STEP_HINT }, "Every n-th frame", this.step),
    );
    this.fill.label.hidden = !directions.includes("forwards");
    this.form = make(
      "form", { class: "track", id: "detect-form" },
      make("div", { class: "wanted-list", id: "detect-classes", role: "group", "aria-label": "Classes to look for" }, ...this.wanted.map((one) => one.element)),
      frames,
      make("label", { title: OVERLAP_HINT }, "Skip what overlaps a label by more than", this.overlap),
      make("div", { class: "stack tight", hidden: single }, this.link.label, this.fill.label),
      this.plan,
      this.runButton,
    );
    this.element = section("Detection", false, this.form);
    this.link.box.addEventListener("change", () => this.show());
    this.show();
  }

  /** Only what is linked has frames between. */
  show() {
    const { link, fill } = this;
    fill.box.disabled = !link.box.checked;
    fill.label.title = link.box.checked ? "" : "Only linked detections have frames between them.";
    for (const one of this.wanted) one.show();
  }

  /** @param {number} first @param {number} last */
  range(first, last) {
    this.first.valueAsNumber = first;
    this.last.valueAsNumber = last;
  }

  get chosen() {
    return this.wanted.filter((one) => one.chosen);
  }

  /** What is missing before anything can be asked; empty when nothing is. */
  get missing() {
    if (!this.chosen.length) return "Choose the classes to look for.";
    const whole = [this.first, this.last, this.step].every((field) => Number.isInteger(field.valueAsNumber));
    if (!whole || !Number.isFinite(this.overlap.valueAsNumber)) return "Say which frames to look at, and what to skip.";
    return this.chosen.every((one) => one.whole) ? "" : "A threshold lies in 0 to 1; of how many objects, a whole number.";
  }

  /** The order that the fields are. */
  get order() {
    const { bench, link, fill } = this;
    return {
      kind: "detect_all",
      classes: this.chosen.map((one) => one.order),
      first_frame: this.first.valueAsNumber,
      last_frame: this.last.valueAsNumber,
      step: this.step.valueAsNumber,
      overlap: this.overlap.valueAsNumber,
      link: link.box.checked,
      fill: link.box.checked && fill.box.checked && !fill.label.hidden ? trackerMeant(bench) : null,
      exclude_bitmasks: this.chosen.some((one) => excludes(bench, one.of)),
    };
  }

  /** @param {string} text @param {string[]} warnings @param {boolean} ready */
  say(text, warnings, ready) {
    sayPlan(this.plan, text, warnings, ready);
    this.runButton.disabled = !ready;
  }
}
