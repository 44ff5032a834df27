// @ts-check
// One question: an attribute, with the control of its kind, and the frames over which its answer holds.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../types.js").Attribute} Attribute */
/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {import("./reach.js").Reach} Reach */

const TEXT_MAX = "10000";
/** From so many options on one is chosen from a list that opens. */
const MANY = 10;
let made = 0;

export class Field {
  /**
   * @param {Attribute} attribute
   * @param {() => Reach} reach
   */
  constructor(attribute, reach) {
    this.attribute = attribute;
    this.reach = reach;
    this.id = `field-${(made += 1)}`;
    /** @type {Subject | null} */
    this.subject = null;
    /** @type {Subject | null} whom the text that is being typed is about */
    this.typingFor = null;
    this.missing = make("span", { class: "tag warn", hidden: true }, "required");
    this.clear = make("button", { type: "button", class: "quiet icon small", "aria-label": `Clear ${attribute.name}`, title: "Take the answer back", hidden: true }, icon("close"));
    this.clear.addEventListener("click", () => this.put(null));
    this.span = make("span", { class: "small muted field-span" });
    /** @type {(HTMLInputElement | HTMLSelectElement)[]} */
    this.inputs = [];
    this.element = make(
      "fieldset", { class: "attribute", "data-attribute": String(attribute.id) },
      make("legend", { class: "unseen" }, attribute.name),
      make("div", { class: "attribute-head", "aria-hidden": "true" }, make("span", { class: "attribute-name" }, attribute.name), this.missing),
      this.control(),
      make("div", { class: "attribute-foot" }, this.span, this.clear),
    );
  }

  control() {
    const { kind, options } = this.attribute;
    if (kind === "radio" && options.length >= MANY) return this.list();
    if (kind === "radio" || kind === "checklist") return this.choices(kind === "radio" ? "radio" : "checkbox");
    return this.typed(kind === "numeric" ? "number" : "text");
  }

  /** @param {"radio" | "checkbox"} type */
  choices(type) {
    const labels = this.attribute.options.map((option, index) => {
      const input = make("input", { type, name: this.id, value: option.value });
      input.addEventListener("change", () => this.put(this.read()));
      this.inputs.push(input);
      return make("label", { class: "choice" }, input, make("span", {}, option.label), make("kbd", { class: "mode-key", "aria-hidden": "true" }, index < 9 ? String(index + 1) : ""));
    });
    return make("div", { class: "choices" }, ...labels);
  }

  list() {
    const select = make("select", { "aria-label": this.attribute.name });
    select.append(make("option", { value: "" }, "–"), ...this.attribute.options.map((one) => make("option", { value: one.value }, one.label)));
    select.addEventListener("change", () => this.put(this.read()));
    this.inputs.push(select);
    return select;
  }

  /** @param {"number" | "text"} type */
  typed(type) {
    const input = make("input", { type, "aria-label": this.attribute.name, ...(type === "number" ? { step: "any" } : { maxlength: TEXT_MAX }), autocomplete: "off" });
    input.addEventListener("input", () => (this.typingFor ??= this.subject));
    input.addEventListener("change", () => this.commit());
    input.addEventListener("keydown", (event) => {
      if (event.code === "Enter" || event.code === "NumpadEnter") this.commit();
    });
    this.inputs.push(input);
    return input;
  }

  /** What the control says now; null for nothing. @returns {any} */
  read() {
    const { kind } = this.attribute;
    if (kind === "checklist") {
      const chosen = this.inputs.filter((one) => one instanceof HTMLInputElement && one.checked).map((one) => one.value);
      return chosen.length ? chosen : null;
    }
    if (kind === "radio") {
      const chosen = this.inputs.find((one) => one instanceof HTMLSelectElement || one.checked)?.value;
      return chosen || null;
    }
    const text = this.inputs[0]?.value ?? "";
    if (kind !== "numeric") return text.trim() === "" ? null : text;
    return text === "" || !Number.isFinite(Number(text)) ? null : Number(text);
  }

  /** Keep what was typed; it is about the object that was shown then, even when another is by now. */
  commit() {
    const { typingFor } = this;
    if (typingFor === null) return;
    this.typingFor = null;
    this.putTo(typingFor, this.read());
  }

  /** @param {any} value */
  put(value) {
    this.typingFor = null;
    if (this.subject) this.putTo(this.subject, value);
  }

  /** @param {Subject} subject @param {any} value */
  putTo(subject, value) {
    if (subject.reason) return;
    const before = subject.answer(this.attribute)?.value ?? null;
    if (JSON.stringify(before) === JSON.stringify(value) && !subject.mixed(this.attribute) && !this.attribute.dynamic) return;
    subject.put(this.attribute, value, this.reach());
  }

  /** A digit of the attribute mode. @param {number} index @returns {boolean} */
  choose(index) {
    const { kind, options } = this.attribute;
    if (!this.subject || this.subject.reason) return false;
    if (kind === "text" || kind === "numeric") {
      this.inputs[0]?.focus();
      return true;
    }
    const option = options[index]?.value;
    if (option === undefined) return false;
    if (kind === "radio") this.put(option);
    else this.put(this.toggled(option));
    return true;
  }

  /** What a checklist says with this option turned around, in the order of the options; null for nothing. @param {string} option */
  toggled(option) {
    const now = this.subject?.answer(this.attribute)?.value ?? [];
    const chosen = this.attribute.options.map((one) => one.value).filter((one) => now.includes(one) !== (one === option));
    return chosen.length ? chosen : null;
  }

  /** @param {Subject} subject @param {boolean} dynamic whether the answer has frames */
  show(subject, dynamic = this.attribute.dynamic) {
    this.subject = subject;
    const { attribute } = this;
    const answer = subject.answer(attribute);
    const mixed = subject.mixed(attribute);
    const value = mixed ? null : (answer?.value ?? null);
    if (this.typingFor === null) this.write(value);
    for (const one of this.inputs) {
      one.disabled = subject.reason !== "";
      one.title = subject.reason;
    }
    this.missing.hidden = !attribute.required || mixed || answer !== undefined;
    this.element.classList.toggle("is-missing", !this.missing.hidden);
    this.clear.hidden = answer === undefined || subject.reason !== "";
    this.span.textContent = mixed ? "The objects differ" : dynamic && answer ? spanText(answer) : "";
  }

  /** @param {any} value */
  write(value) {
    const { kind } = this.attribute;
    for (const one of this.inputs) {
      if (one instanceof HTMLSelectElement) one.value = value ?? "";
      else if (kind === "checklist") one.checked = Array.isArray(value) && value.includes(one.value);
      else if (kind === "radio") one.checked = one.value === value;
      else if (one.value !== String(value ?? "")) one.value = String(value ?? "");
    }
  }
}

/** @param {import("../types.js").Answer} answer */
function spanText({ first_frame: first, last_frame: last }) {
  if (first === null) return "all frames";
  return first === last ? `frame ${first}` : `frames ${first} to ${last}`;
}
