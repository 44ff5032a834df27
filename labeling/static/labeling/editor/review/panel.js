// @ts-check
// The review panel: what is reviewed, where we are in it, and what can be decided.

import { make } from "../../shared/dom.js";
import { SAMPLE } from "./sample.js";
import { Strip } from "./strip.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./stepper.js").Stepper} Stepper */
/** @typedef {import("./deciding.js").Deciding} Deciding */

/** @type {[import("./items.js").Mode, string][]} */
const MODES = [["objects", "Objects"], ["low", "Labels of low confidence"], ["hints", "Identity jumps and score drops"], ["frame", "Labels on this frame"]];
/** @type {[import("./items.js").Order, string][]} */
const ORDERS = [["confidence", "Lowest confidence first"], ["place", "By number or frame"], ["sample", `Random sample of ${SAMPLE}`]];
/** @type {[import("./deciding.js").Scope, string][]} */
const SCOPES = [["object", "The whole object"], ["label", "Its label on this frame"], ["range", "The frames chosen on the timeline"]];

export class ReviewPanel {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} place
   * @param {{stepper: Stepper, deciding: Deciding, compare: import("./compare.js").Compare, differences: import("./differences.js").Differences}} parts
   */
  constructor(bench, place, { stepper, deciding, compare, differences }) {
    this.bench = bench;
    this.stepper = stepper;
    this.deciding = deciding;
    /** @type {{key: string | undefined, frame: number, shape: any} | undefined} what the strip was made for */
    this.stripped = undefined;
    this.differences = differences;
    this.build(place);
    differences.addEventListener("change", () => this.showDifferences());
    stepper.addEventListener("change", () => this.show());
    const pressed = () => place.querySelector('[data-action="review.compare"]')?.setAttribute("aria-pressed", String(compare.on));
    compare.addEventListener("change", pressed);
    pressed();
    bench.on(["selection", "shown", "labels", "reviews", "range"], () => this.show());
    this.show();
  }

  /** @param {HTMLElement} place */
  build(place) {
    this.progress = make("p", { id: "review-progress", class: "small muted" });
    this.name = make("h2", { id: "review-item" });
    this.about = make("p", { class: "small muted", id: "review-about" });
    const cells = make("div", { class: "strip", role: "group", "aria-label": "The frames around it" });
    this.strip = new Strip(this.bench, cells);
    place.append(
      make(
        "div", { class: "review stack" },
        choice("What to review", "review-mode", MODES, (mode) => this.stepper.use(mode)),
        choice("In which order", "review-order", ORDERS, (order) => this.stepper.sortBy(order)),
        this.checks(),
        this.progress,
        make("div", { class: "actions" }, this.button("review.previous", "Previous"), this.button("review.next", "Next"), this.button("review.leave", "Stop")),
        make("div", { class: "actions" }, this.button("review.next-low", "Next low confidence"), this.button("review.next-hint", "Next jump or drop")),
        make("div", { class: "item stack tight" }, this.name, this.about, cells),
        this.decisions(),
        make("div", { class: "actions" }, this.button("review.compare", "Compare with the run"), this.button("review.history", "History")),
        this.compared(),
      ),
    );
  }

  /** What differs from the runs, and the ways to it. */
  compared() {
    this.differing = make("p", { class: "small", id: "review-differences", role: "status" });
    const ways = make("div", { class: "actions" }, this.button("review.previous-difference", "Previous difference"), this.button("review.next-difference", "Next difference"));
    this.difference = make("div", { class: "stack tight", hidden: true }, this.differing, ways);
    return this.difference;
  }

  showDifferences() {
    const { sentence } = this.differences;
    if (this.difference) this.difference.hidden = !sentence;
    if (this.differing && this.differing.textContent !== sentence) this.differing.textContent = sentence;
  }

  checks() {
    const zoom = check("Zoom to each", "review-zoom", this.stepper.zooms, (on) => (this.stepper.zooms = on));
    const skip = check("Leave out what is decided", "review-skip", this.stepper.skipDecided, (on) => (this.stepper.skipDecided = on));
    return make("div", { class: "stack tight" }, zoom, skip);
  }

  decisions() {
    this.scope = choice("Decide on", "review-scope", SCOPES, (scope) => {
      this.deciding.scope = scope;
      this.show();
    });
    const buttons = make(
      "div", { class: "actions" },
      this.button("review.accept", "Accept", "primary"),
      this.button("review.reject", "Reject", "danger"),
      this.button("review.undecide", "Clear"),
    );
    return make("div", { class: "stack tight", hidden: !this.bench.facts.mayJudge }, this.scope, buttons);
  }

  /**
   * @param {string} id of the action
   * @param {string} text
   * @param {string} [look]
   */
  button(id, text, look = "") {
    const made = make("button", { type: "button", class: `small ${look}`, "data-action": id }, text);
    made.addEventListener("click", () => this.bench.actions.run(id));
    return made;
  }

  show() {
    const { stepper, bench } = this;
    const { length } = stepper.items;
    const where = stepper.on && stepper.item ? `${stepper.at + 1} of ${length}, ` : `${length} in all, `;
    if (this.progress) this.progress.textContent = length ? `${where}${stepper.open} to decide` : "There is nothing to review here.";
    if (this.scope) this.scope.hidden = stepper.on;
    const key = stepper.on && stepper.item ? stepper.item.instance : bench.primary?.key;
    const instance = key === undefined ? undefined : bench.store.instances.get(key);
    if (this.name) this.name.textContent = instance?.name ?? "Nothing selected";
    const why = stepper.on && stepper.item?.why ? `${stepper.item.why}, ` : "";
    if (this.about) this.about.textContent = instance ? why + this.told(instance.key) : "";
    this.showStrip(instance?.key);
  }

  /** @param {string | undefined} key */
  showStrip(key) {
    const { shown } = this.bench;
    const shape = key === undefined ? null : this.bench.store.label(key, shown)?.shape;
    if (this.stripped?.key === key && this.stripped?.frame === shown && this.stripped.shape === shape) return;
    this.stripped = { key, frame: shown, shape };
    if (key === undefined || !this.stepper.on) this.strip?.place.replaceChildren();
    else this.strip?.show(key, shown);
  }

  /** How the object's label on the shown frame came to be, and what was decided. @param {string} key */
  told(key) {
    const { bench } = this;
    const label = bench.store.label(key, bench.shown);
    const decision = bench.store.decisions(key).find((one) => one.first_frame <= bench.shown && bench.shown <= one.last_frame);
    const reason = decision?.reason ? `: ${decision.reason}` : "";
    if (!label) return "No label on this frame";
    if (!label.shape) return "Absent on this frame";
    const sure = label.confidence < 1 ? `, confidence ${label.confidence.toFixed(2)}` : "";
    return `${label.provenance}${sure}, ${label.review}${label.review === decision?.decision ? reason : ""}`;
  }
}

/**
 * @template {string} T
 * @param {string} name
 * @param {string} id
 * @param {[T, string][]} options
 * @param {(value: T) => void} chosen
 */
function choice(name, id, options, chosen) {
  const select = make("select", { id }, ...options.map(([value, text]) => make("option", { value }, text)));
  select.addEventListener("change", () => chosen(/** @type {T} */ (select.value)));
  return make("label", { class: "field" }, name, select);
}

/**
 * @param {string} text
 * @param {string} id
 * @param {boolean} on
 * @param {(on: boolean) => void} changed
 */
function check(text, id, on, changed) {
  const box = make("input", { type: "checkbox", id, checked: on });
  box.addEventListener("change", () => changed(box.checked));
  return make("label", { class: "check" }, box, ` ${text}`);
}
