// @ts-check
// Below the table: what is selected, and what can be done with it at once.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../../shared/icons.js").IconName} IconName */

/** Actions that get a button where the page has them; all others are in the menu. @type {[string, IconName][]} */
const OFFERED = [
  ["object.hide", "eye-off"], ["object.lock", "lock"], ["object.convert", "edit"], ["object.merge", "merge"],
  ["object.track-forwards", "track-forwards"], ["review.accept", "check"], ["review.reject", "cross"], ["object.delete", "trash"],
];

export class Bar {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.words = make("span", { class: "bar-words" });
    this.offer = make("button", { type: "button", class: "small", id: "go-first" });
    this.offer.addEventListener("click", () => bench.go(Number(this.offer.dataset["frame"])));
    this.more = this.button("All that can be done with the selected objects", "dots");
    this.more.id = "bulk-menu";
    this.more.setAttribute("aria-haspopup", "menu");
    this.more.addEventListener("click", () => this.openMenu());
    /** @type {Map<string, HTMLButtonElement>} */
    this.buttons = new Map();
    this.tools = make("div", { class: "bar-tools", role: "toolbar", "aria-label": "Selected objects" }, this.more);
    this.tools.addEventListener("keydown", (event) => this.walk(event));
    this.element = make("div", { class: "object-bar", id: "bulk" }, make("div", { class: "bar-line" }, this.words, this.offer), this.tools);
  }

  /** @param {string} label @param {IconName} name */
  button(label, name) {
    const made = make("button", { type: "button", class: "quiet icon small", "aria-label": label, title: label });
    made.append(icon(name));
    return made;
  }

  show() {
    const { bench } = this;
    const { selection, primary } = bench;
    const here = primary && bench.store.label(primary.key, bench.shown);
    const first = primary?.labelled.first ?? null;
    const elsewhere = selection.size === 1 && primary !== null && !here?.shape;
    this.words.textContent = this.sentence(elsewhere);
    this.offer.hidden = !elsewhere || first === null || first === bench.shown;
    this.offer.textContent = `Go to frame ${first}`;
    this.offer.title = "The first frame on which it is labelled";
    this.offer.dataset["frame"] = String(first);
    this.more.disabled = selection.size === 0;
    this.showButtons();
  }

  /** @param {boolean} elsewhere */
  sentence(elsewhere) {
    const { selection, primary, store, shown } = this.bench;
    if (!selection.size) return "Nothing selected";
    if (selection.size > 1 || !primary) return `${selection.size} selected`;
    if (!elsewhere) return `${primary.name} selected`;
    return `${primary.name}: ${store.label(primary.key, shown) ? "marked absent" : "no label"} here`;
  }

  showButtons() {
    const { actions } = this.bench;
    for (const [id, name] of OFFERED) {
      const answer = actions.available(id);
      let button = this.buttons.get(id);
      if (!button && answer !== false) {
        button = this.button("", name);
        button.dataset["action"] = id;
        button.addEventListener("click", () => actions.run(id));
        this.buttons.set(id, button);
        this.tools.append(...OFFERED.flatMap(([one]) => this.buttons.get(one) ?? []), this.more);
      }
      if (!button) continue;
      button.hidden = answer === false;
      const title = actions.titleOf(id);
      button.setAttribute("aria-label", title);
      button.setAttribute("aria-disabled", String(answer !== true));
      button.title = typeof answer === "string" ? `${title}: ${answer}` : actions.hint(id);
    }
    this.keepOneStop();
  }

  /** One tab stop for the bar; arrows walk. */
  keepOneStop() {
    const all = this.walkable();
    const stop = all.find((one) => one === document.activeElement) ?? all.find((one) => one.tabIndex === 0) ?? all[0];
    for (const one of this.tools.querySelectorAll("button")) one.tabIndex = one === stop ? 0 : -1;
  }

  walkable() {
    return [...this.tools.querySelectorAll("button")].filter((one) => !one.hidden && !one.disabled);
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const all = this.walkable();
    const at = all.findIndex((one) => one === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.code];
    if (to === undefined) return;
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
    this.keepOneStop();
  }

  openMenu() {
    const box = this.more.getBoundingClientRect();
    const key = this.bench.primary?.key ?? null;
    const detail = { x: box.left, y: box.top, key, back: this.more };
    if (key !== null) this.bench.dispatchEvent(new CustomEvent("menu", { detail }));
  }
}
