// @ts-check
// All objects prediction in the popup: what to look for, and how sure an object has to be.

import { make } from "../../shared/dom.js";
import { askBelow, detect } from "./detecting.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sam.js").Sam} Sam */

export class AllPart {
  /** @param {Bench} bench @param {Sam} sam */
  constructor(bench, sam) {
    this.bench = bench;
    this.sam = sam;
    /** The person typed a name; else it is that of the class. */
    this.typed = false;
    this.words = make("input", { type: "text", id: "sam-words", maxlength: "200", autocomplete: "off", required: true });
    this.detect = make("button", { type: "submit", id: "sam-detect", class: "small" }, "Detect all objects");
    this.slider = make("input", { type: "range", id: "sam-threshold", min: "0", max: "1", step: "0.01", "aria-label": "Threshold" });
    this.count = make("output", { id: "sam-count", for: "sam-threshold", class: "small" });
    this.threshold = make("div", { class: "sam-line" }, make("label", { for: "sam-threshold", class: "small muted" }, "Threshold"), this.slider, this.count);
    this.form = make(
      "form", { class: "stack tight" },
      make("label", { for: "sam-words", class: "small muted" }, "Name of what to look for"),
      make("div", { class: "sam-line" }, this.words, this.detect),
    );
    this.element = make("div", { class: "stack tight" }, this.form, this.threshold);
    this.listen();
  }

  listen() {
    this.words.addEventListener("input", () => (this.typed = true));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void detect(this.sam, this.words.value.trim());
    });
    this.slider.addEventListener("input", () => {
      this.sam.results.threshold = this.slider.valueAsNumber;
      this.sam.changed();
    });
    // What is less sure than all that came was not asked for yet.
    this.slider.addEventListener("change", () => askBelow(this.sam, this.slider.valueAsNumber));
    this.bench.on(["class"], () => {
      this.typed = false;
      this.show();
    });
  }

  show() {
    const { bench, sam, words } = this;
    if (!this.typed && document.activeElement !== words) words.value = bench.currentClass?.name ?? "";
    const { results, draft } = sam;
    // Where nothing was found, less sure ones may be.
    const many = draft !== null && (draft.mode === "all" ? draft.current || results.found.length > 0 : draft.mode === "area" && results.found.length > 0);
    this.form.hidden = sam.kind !== "all";
    this.threshold.hidden = !many;
    this.slider.value = String(results.threshold);
    this.slider.setAttribute("aria-valuetext", `${results.threshold.toFixed(2)}, ${results.count} objects`);
    this.count.textContent = `${results.threshold.toFixed(2)}: ${results.count}`;
    this.element.hidden = this.form.hidden && this.threshold.hidden;
  }
}
