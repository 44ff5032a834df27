// @ts-check
// Answering by keys alone: digits choose, Enter goes to the next question, and after the last to the next object.

import { announce, byId, make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("./attributes.js").Attributes} Attributes */
/** @typedef {import("./field.js").Field} Field */

const MODE = "attributes";
const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

export class AttributeMode {
  /** @param {Bench} bench @param {Attributes} panel */
  constructor(bench, panel) {
    this.bench = bench;
    this.panel = panel;
    /** Which of the questions the digits answer. */
    this.at = 0;
    this.toggle = make("button", { type: "button", class: "small", id: "attribute-mode", "aria-pressed": "false" }, "Answer by keys");
    this.toggle.addEventListener("click", () => bench.actions.run("attributes.mode"));
    this.help = make("p", { class: "small muted", hidden: true }, "1–9 choose. Enter: next question, then next object. Tab: next object. Del clears. Esc ends.");
    this.banner = make("div", { class: "attribute-mode" }, this.toggle, this.help);
    bench.actions.add(...this.actions());
  }

  get on() {
    return this.bench.actions.mode === MODE;
  }

  /** The questions in their order: those of the object, then those of the frame. @returns {Field[]} */
  get fields() {
    return [...(this.bench.primary ? this.panel.fields : []), ...this.panel.frameFields];
  }

  /** @returns {Action[]} */
  actions() {
    const inMode = { group: "Attributes", mode: MODE };
    return [
      {
        id: "attributes.mode", title: "Answer attributes by keys", group: "Attributes", keys: ["KeyA"],
        when: ({ facts }) => this.panel.any() && (facts.mayEdit || facts.barrier), run: () => this.turn(),
      },
      ...DIGITS.map((digit) => ({ ...inMode, id: `attributes.option-${digit}`, title: `Choose option ${digit}`, keys: [`Digit${digit}`], run: () => this.choose(digit - 1) })),
      { ...inMode, id: "attributes.next", title: "Next question, then next object", keys: ["Enter"], run: () => this.walk(1) },
      { ...inMode, id: "attributes.down", title: "Next question", keys: ["ArrowDown"], repeats: true, run: () => this.go(Math.min(this.at + 1, this.fields.length - 1)) },
      { ...inMode, id: "attributes.up", title: "Previous question", keys: ["ArrowUp"], repeats: true, run: () => this.go(Math.max(this.at - 1, 0)) },
      { ...inMode, id: "attributes.back", title: "Previous question, then previous object", keys: ["Shift+Enter"], run: () => this.walk(-1) },
      { ...inMode, id: "attributes.clear", title: "Take the answer back", keys: ["Delete", "Backspace"], run: () => this.fields[this.at]?.put(null) },
      { ...inMode, id: "attributes.leave", title: "Stop answering by keys", keys: ["Escape"], run: () => this.turn() },
    ];
  }

  turn() {
    const { actions } = this.bench;
    actions.mode = this.on ? null : MODE;
    byId("stage", HTMLElement).focus({ preventScroll: true });
    if (this.on && !this.bench.primary) actions.run("objects.next");
    this.at = 0;
    this.panel.show();
    if (this.on) this.read();
  }

  /** @param {number} index */
  choose(index) {
    const field = this.fields[this.at];
    if (!field?.choose(index)) this.bench.say(field?.subject?.reason || `There is no option ${index + 1} here.`, "warn");
  }

  /** @param {1 | -1} by */
  walk(by) {
    const to = this.at + by;
    if (to >= 0 && to < this.fields.length) {
      this.go(to);
      return;
    }
    const moved = this.bench.actions.run(by > 0 ? "objects.next" : "objects.previous");
    if (!moved) {
      this.bench.say(by > 0 ? "That was the last object of this frame." : "That was the first object of this frame.");
      return;
    }
    this.panel.show();
    this.go(by > 0 ? 0 : this.fields.length - 1);
  }

  /** @param {number} index */
  go(index) {
    this.at = Math.max(0, index);
    this.panel.show();
    this.read();
  }

  /** Say the question, what it is answered with, and the digits. */
  read() {
    const field = this.fields[this.at];
    if (!field?.subject) return;
    const { attribute, subject } = field;
    const options = attribute.options.slice(0, DIGITS.length).map((one, index) => `${index + 1} ${one.label}`);
    const value = subject.answer(attribute)?.value;
    const words = value === undefined ? "not answered" : [value].flat().map((one) => attribute.options.find(({ value: of }) => of === one)?.label ?? String(one)).join(", ");
    announce(byId("said", HTMLElement), `${attribute.name} of ${subject.name}: ${words}. ${options.join(", ")}`);
    field.element.scrollIntoView({ block: "nearest" });
  }

  show() {
    const { fields, on, toggle } = this;
    if (this.at >= fields.length) this.at = Math.max(0, fields.length - 1);
    const answer = this.bench.actions.available("attributes.mode");
    toggle.setAttribute("aria-pressed", String(on));
    toggle.disabled = answer !== true;
    toggle.title = typeof answer === "string" ? answer : this.bench.actions.hint("attributes.mode");
    this.help.hidden = !on;
    this.panel.place.classList.toggle("by-keys", on);
    fields.forEach((field, index) => {
      field.element.classList.toggle("is-current", on && index === this.at);
      if (on && index === this.at) field.element.setAttribute("aria-current", "true");
      else field.element.removeAttribute("aria-current");
    });
  }
}
