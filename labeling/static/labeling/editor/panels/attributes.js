// @ts-check
// Attributes of what is selected, and classifications of the frame that is shown.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { Field } from "./field.js";
import { AttributeMode } from "./mode.js";
import { REACHES } from "./reach.js";
import { frameSubject, objectSubject } from "./subject.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("./reach.js").Reach} Reach */
/** @typedef {import("../../shared/icons.js").IconName} IconName */

/** Actions on the label here that have a button. @type {[string, IconName][]} */
const OFFERED = [["object.occluded", "layers"], ["object.z-up", "front"], ["object.z-down", "back"], ["review.history", "history"]];

/** @param {Bench} bench @param {HTMLElement} place */
export function showAttributes(bench, place) {
  new Attributes(bench, place);
}

export class Attributes {
  /** @param {Bench} bench @param {HTMLElement} place */
  constructor(bench, place) {
    this.bench = bench;
    this.place = place;
    /** @type {Reach} */
    this.reach = "on";
    /** @type {Field[]} of the class whose object is shown */
    this.fields = [];
    /** @type {number | null} */
    this.shownClass = null;
    this.title = make("h2", { id: "attributes-title" });
    this.state = make("p", { class: "small muted attribute-state" });
    this.tools = make("div", { class: "actions", role: "group", "aria-label": "Label on this frame" });
    this.list = make("div", { class: "attribute-list" });
    this.scope = this.makeScope();
    this.object = make("div", { class: "attribute-part", hidden: true }, this.title, this.state, this.tools, this.list);
    this.frameFields = bench.facts.classifications.filter((one) => !one.archived).flatMap((one) => one.attributes.map((attribute) => new Field({ ...attribute, dynamic: true }, () => this.reach)));
    this.frame = this.makeFrame();
    this.mode = new AttributeMode(bench, this);
    place.append(...(this.any() ? [this.mode.banner, this.scope] : []), this.object, this.frame);
    this.wanted = 0;
    bench.on(["selection", "instances", "labels", "answers", "shown", "visible", "range", "preferences", "reviews"], () => this.soon());
    this.show();
  }

  any() {
    return this.frameFields.length > 0 || this.bench.facts.classes.some((one) => one.attributes.length);
  }

  makeScope() {
    const select = make("select", { id: "attribute-reach", "aria-label": "Frames over which an answer holds" });
    for (const [reach, title, tip] of REACHES) select.append(make("option", { value: reach, title: tip }, title));
    select.addEventListener("change", () => (this.reach = /** @type {Reach} */ (select.value)));
    this.select = select;
    return make("label", { class: "attribute-scope small muted", hidden: true }, "Holds ", select);
  }

  /** Classifications of the frame, each under its name. */
  makeFrame() {
    const { facts } = this.bench;
    const part = make("div", { class: "attribute-part", id: "frame-classifications", hidden: this.frameFields.length === 0 }, make("h2", {}, "This frame"));
    let index = 0;
    for (const one of facts.classifications.filter((each) => !each.archived)) {
      const fields = one.attributes.map(() => /** @type {Field} */ (this.frameFields[index++]));
      part.append(make("div", { class: "attribute-list", role: "group", "aria-label": one.name }, make("h3", {}, one.name), ...fields.map((field) => field.element)));
    }
    return part;
  }

  soon() {
    this.wanted ||= requestAnimationFrame(() => {
      this.wanted = 0;
      this.show();
    });
  }

  /** The selected objects that share the class of the one selected last, that one first. @returns {Key[]} */
  keys() {
    const { primary, selection, store } = this.bench;
    if (!primary) return [];
    const others = [...selection].filter((key) => key !== primary.key && store.instances.get(key)?.object_class === primary.object_class);
    return [primary.key, ...others];
  }

  show() {
    const { bench } = this;
    const keys = this.keys();
    const one = bench.primary;
    this.object.hidden = one === null;
    if (one !== null) this.showObject(keys, one);
    else this.useFields(null);
    const frame = frameSubject(bench);
    for (const field of this.frameFields) field.show(frame);
    const dynamic = [...this.fields, ...this.frameFields].some((field) => field.attribute.dynamic);
    this.scope.hidden = !dynamic || !bench.facts.mayEdit;
    const range = this.select?.querySelector('[value="range"]');
    if (range instanceof HTMLOptionElement) range.disabled = bench.range === null;
    if (bench.range === null && this.reach === "range" && this.select) this.select.value = this.reach = "on";
    this.mode.show();
  }

  /** @param {Key[]} keys @param {import("../types.js").Instance} one */
  showObject(keys, one) {
    const { bench } = this;
    this.title.textContent = keys.length > 1 ? `${keys.length} objects: ${bench.classOf(one).name}` : one.name;
    const label = bench.store.label(one.key, bench.shown);
    this.state.textContent = keys.length > 1 ? "" : !label?.shape ? "" : [label.occluded ? "occluded" : "", label.z_order ? `level ${label.z_order}` : ""].filter(Boolean).join(", ");
    this.state.hidden = this.state.textContent === "";
    this.useFields(one.object_class);
    const subject = objectSubject(bench, keys);
    for (const field of this.fields) field.show(subject);
    this.showTools(label?.occluded ?? false);
  }

  /** @param {number | null} classId */
  useFields(classId) {
    if (classId === this.shownClass) return;
    for (const field of this.fields) field.commit();
    this.shownClass = classId;
    const attributes = classId === null ? [] : this.bench.classOf({ object_class: classId }).attributes;
    this.fields = attributes.map((attribute) => new Field(attribute, () => this.reach));
    this.list.replaceChildren(...this.fields.map((field) => field.element));
  }

  /** @param {boolean} occluded */
  showTools(occluded) {
    const { actions } = this.bench;
    const shown = OFFERED.filter(([id]) => actions.available(id) !== false);
    if (this.tools.children.length !== shown.length) this.tools.replaceChildren(...shown.map(([id, name]) => this.tool(id, name)));
    shown.forEach(([id], index) => {
      const button = this.tools.children[index];
      if (!(button instanceof HTMLElement)) return;
      const answer = actions.available(id);
      button.setAttribute("aria-disabled", String(answer !== true));
      button.title = typeof answer === "string" ? answer : actions.hint(id);
      if (id === "object.occluded") button.setAttribute("aria-pressed", String(occluded));
    });
  }

  /** @param {string} id @param {IconName} name */
  tool(id, name) {
    const { actions } = this.bench;
    const button = make("button", { type: "button", class: "quiet icon small", "data-action": id, "aria-label": actions.get(id)?.title ?? id }, icon(name));
    button.addEventListener("click", () => actions.run(id));
    return button;
  }
}
