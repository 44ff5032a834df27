// @ts-check
// One class of a detection: whether it is looked for, by which words and examples, how sure, and how many.

import { make, swatch } from "../../shared/dom.js";
import { examplesOf, EXAMPLES_MAX } from "./examples.js";
import { checkField, numberField } from "./fields.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */

const MOST = 200;
const MOST_MAX = 1000;

export class WantedClass {
  /**
   * @param {Bench} bench
   * @param {ObjectClass} of
   * @param {true | string} answer whether its objects can be found, or why not
   */
  constructor(bench, of, answer) {
    this.bench = bench;
    this.of = of;
    const id = `detect-${of.id}`;
    this.box = make("input", { type: "checkbox", id, disabled: answer !== true });
    this.words = make("input", { type: "text", id: `${id}-words`, maxlength: "200", placeholder: of.name });
    this.byExamples = checkField(`${id}-examples`, "", true);
    this.threshold = numberField(`${id}-threshold`, { min: 0, max: 1, step: "0.01", optional: true, hint: "usual" });
    this.most = numberField(`${id}-most`, { min: 1, max: MOST_MAX, value: MOST });
    this.count = make("span", {});
    this.byExamples.label.append(this.count);
    this.more = make(
      "div", { class: "wanted-more", hidden: true },
      make("label", {}, "Words", this.words),
      this.byExamples.label,
      make("div", { class: "pair" }, make("label", {}, "Threshold", this.threshold), make("label", {}, "Most on a frame", this.most)),
    );
    this.element = make(
      "div", { class: "wanted", role: "group", "aria-label": of.name, title: answer === true ? "" : answer },
      make("label", { class: "check" }, this.box, swatch(of.color), make("span", { class: "name" }, of.name)),
      this.more,
    );
    this.box.addEventListener("change", () => this.show());
    this.show();
  }

  get chosen() {
    return this.box.checked;
  }

  get examples() {
    return examplesOf(this.bench, this.of.id);
  }

  show() {
    this.more.hidden = !this.chosen;
    if (!this.chosen) return;
    const { length } = this.examples;
    this.byExamples.box.disabled = !length;
    this.count.textContent = length ? `Examples from labels (${length})` : "Examples from labels: there is none yet";
    this.byExamples.label.title = `Labels of ${this.of.name}, ${EXAMPLES_MAX} at most: of selected objects first, then those by people, near this frame`;
  }

  /** Whether the numbers are such. */
  get whole() {
    const { threshold } = this;
    return Number.isInteger(this.most.valueAsNumber) && (threshold.value === "" ? threshold.validity.valid : Number.isFinite(threshold.valueAsNumber));
  }

  /** As the order names it. */
  get order() {
    const words = this.words.value.trim();
    return {
      object_class: this.of.id,
      ...(words ? { words } : {}),
      examples: this.byExamples.box.checked ? this.examples : [],
      threshold: this.threshold.value === "" ? null : this.threshold.valueAsNumber,
      most: this.most.valueAsNumber,
    };
  }
}
