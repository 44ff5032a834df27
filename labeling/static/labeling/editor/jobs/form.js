// @ts-check
// The fields of the drawer: what is asked of a run. They know nothing of how it is ordered.

import { make } from "../../shared/dom.js";
import { Advanced } from "./advanced.js";
import { Chosen } from "./chosen.js";
import { numberField, sayPlan } from "./fields.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {"forwards" | "backwards"} Direction */
/** @typedef {"track" | "interpolate"} Method */

const INTERVAL = "So many frames in a row without the object are tolerated; on the next one its tracking ends, until its next key frame";
const INTERVAL_DEFAULT = 30;

export class Form {
  /** @param {Bench} bench */
  constructor(bench) {
    const { first, last, directions } = bench.facts;
    this.chosen = new Chosen(bench);
    this.advanced = new Advanced(bench);
    this.method = make("select", { id: "track-method" }, option("track", "Tracking"), option("interpolate", "Interpolation"));
    this.first = numberField("track-first", { min: first, max: last });
    this.last = numberField("track-last", { min: first, max: last });
    this.interval = numberField("track-interval", { min: 0, max: 100_000, value: INTERVAL_DEFAULT });
    this.direction = make("select", { id: "track-direction" }, ...directions.map((one) => option(one, one === "forwards" ? "Forwards" : "Backwards")));
    this.reset = make("button", { class: "small quiet", type: "button", id: "track-reset", hidden: true }, "Range as usual");
    this.plan = make("div", { id: "track-plan", class: "stack tight", "aria-live": "polite" });
    this.runButton = make("button", { class: "primary", type: "submit", id: "track-run", disabled: true }, "Run tracking");
    this.tracking = make(
      "div", { class: "stack tight" },
      make("label", { title: INTERVAL }, "Tracking annotation interval", this.interval),
      make("label", {}, "Direction", this.direction),
      this.advanced.element,
    );
    this.element = this.build();
    this.method.addEventListener("change", () => this.show());
  }

  /** @returns {HTMLFormElement} */
  build() {
    return make(
      "form", { class: "track", id: "track-form" },
      this.chosen.element,
      make("label", {}, "Method", this.method),
      make("div", { class: "pair" }, make("label", {}, "From frame", this.first), make("label", {}, "To frame", this.last)),
      this.reset,
      this.tracking,
      this.plan,
      this.runButton,
    );
  }

  get interpolates() {
    return this.method.value === "interpolate";
  }

  get backwards() {
    return !this.interpolates && this.direction.value === "backwards";
  }

  /** @param {Method} method @param {Direction} [direction] */
  use(method, direction = "forwards") {
    this.method.value = method;
    this.direction.value = direction;
    this.show();
  }

  show() {
    this.tracking.hidden = this.interpolates;
    this.runButton.textContent = this.interpolates ? "Run interpolation" : "Run tracking";
  }

  /** @param {number} first @param {number} last */
  range(first, last) {
    this.first.valueAsNumber = first;
    this.last.valueAsNumber = last;
  }

  /** Whether every number that counts is a whole one. */
  get whole() {
    const fields = this.interpolates ? [this.first, this.last] : [this.first, this.last, this.interval];
    return fields.every((field) => Number.isInteger(field.valueAsNumber));
  }

  /**
   * The order that the fields are, for instances by the server's numbers.
   * @param {number[]} instances
   * @param {{fast?: boolean, fromEditor?: boolean}} [how] `fast`: by the fast tracker, whatever the toggle says
   */
  order(instances, { fast = false, fromEditor = false } = {}) {
    const order = { instances, first_frame: this.first.valueAsNumber, last_frame: this.last.valueAsNumber };
    if (this.interpolates) return { kind: "interpolate", ...order };
    return {
      kind: "track",
      ...order,
      direction: this.direction.value,
      interval: this.interval.valueAsNumber,
      advanced: this.advanced.on && !fast,
      from_editor: fromEditor,
    };
  }

  /**
   * @param {string} text
   * @param {string[]} warnings
   * @param {boolean} ready
   */
  say(text, warnings, ready) {
    sayPlan(this.plan, text, warnings, ready);
    this.runButton.disabled = !ready;
  }
}

/** @param {string} value @param {string} text */
function option(value, text) {
  return make("option", { value }, text);
}
