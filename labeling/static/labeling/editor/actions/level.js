// @ts-check
// One list of a menu: one focus that walks, letters that find, reasons for what cannot be done.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/**
 * @typedef {object} Entry
 * @property {string} title
 * @property {Node} [mark] an icon or a swatch before the title
 * @property {string} [chord] as the person's platform writes it
 * @property {string} [reason] why it cannot be chosen now
 * @property {boolean} [checked] of entries of which one holds
 * @property {Entry[]} [entries] a menu of its own; `run` does nothing then
 * @property {() => void} run
 *
 * @typedef {{title: string, entries: Entry[]}} EntryGroup
 *
 * @typedef {object} Doors what a list needs of the menu
 * @property {(entry: Entry) => void} choose
 * @property {() => void} close
 * @property {(item: HTMLElement, entry: Entry, focus: boolean) => void} open the menu of an entry, beside it
 * @property {(level: Level, item: HTMLElement) => void} reached an item got the focus
 */

const HINT = "What is greyed says here why.";
const EDGE = 8;
const TYPING_MS = 700;

export class Level {
  /**
   * @param {string} label what it is about
   * @param {EntryGroup[]} groups
   * @param {Doors} doors
   */
  constructor(label, groups, doors) {
    this.doors = doors;
    /** @type {(() => void) | null} back to the item that this list belongs to */
    this.back = null;
    this.typed = "";
    this.typedAt = 0;
    /** @type {HTMLElement[]} */
    this.items = [];
    this.element = make("div", { class: "menu", role: "menu", "aria-label": label });
    groups.filter((one) => one.entries.length).forEach((group, index) => this.addGroup(group, index > 0));
    // The reason of the entry that has the focus stands below, so that nothing moves under the pointer.
    this.why = make("p", { class: "menu-why", "aria-hidden": "true", hidden: !groups.some((one) => one.entries.some((entry) => entry.reason)) });
    this.element.append(this.why);
    this.element.addEventListener("focusin", ({ target }) => {
      this.why.textContent = (target instanceof Element && target.getAttribute("aria-description")) || HINT;
    });
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {EntryGroup} group @param {boolean} apart */
  addGroup({ title, entries }, apart) {
    if (apart) this.element.append(make("div", { role: "separator" }));
    this.element.append(make("div", { role: "group", "aria-label": title }, ...entries.map((one) => this.item(one))));
  }

  /** @param {Entry} entry */
  item(entry) {
    const words = make("span", { class: "menu-words" }, entry.title);
    const item = make("div", {
      role: entry.checked === undefined ? "menuitem" : "menuitemradio", class: "menu-item", tabindex: "-1",
      ...(entry.checked === undefined ? {} : { "aria-checked": String(entry.checked) }),
      ...(entry.entries ? { "aria-haspopup": "menu", "aria-expanded": "false" } : {}),
      ...(entry.reason ? { "aria-disabled": "true", "aria-description": entry.reason, title: entry.reason } : {}),
    }, make("span", { class: "menu-mark" }, ...(entry.mark ? [entry.mark] : [])), words);
    if (entry.chord) item.append(make("kbd", { "aria-hidden": "true" }, entry.chord));
    if (entry.entries) item.append(icon("chevron-right"));
    item.addEventListener("click", () => (entry.entries ? this.doors.open(item, entry, true) : this.doors.choose(entry)));
    item.addEventListener("pointermove", () => document.activeElement !== item && item.focus({ preventScroll: true }));
    item.addEventListener("focus", () => this.doors.reached(this, item));
    item.addEventListener("pointerenter", () => entry.entries && this.doors.open(item, entry, false));
    item.addEventListener("keydown", (event) => {
      if (event.code !== "ArrowRight" || !entry.entries) return;
      event.preventDefault();
      this.doors.open(item, entry, true);
    });
    this.items.push(item);
    return item;
  }

  /** The item that has the focus, or that holds the open menu beside. */
  get at() {
    return this.items.findIndex((one) => one === document.activeElement || one.getAttribute("aria-expanded") === "true");
  }

  /** Inside the window, whatever was asked for. @param {number} x @param {number} y */
  put(x, y) {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    this.element.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))}px`;
    this.element.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))}px`;
  }

  /** Beside an item of another list: on its right, or on its left where that is outside of the window. @param {HTMLElement} item */
  putBeside(item) {
    const box = item.getBoundingClientRect();
    const fits = box.right + this.element.offsetWidth + EDGE <= innerWidth;
    this.put(fits ? box.right - 2 : box.left - this.element.offsetWidth + 2, box.top - 5);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation();
    const { at } = this;
    const last = this.items.length - 1;
    const to = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.code];
    if (to !== undefined) this.items[to]?.focus();
    else if (event.code === "Escape" || event.code === "Tab" || event.code === "ArrowLeft") this.leave(event.code);
    else if (event.code === "Enter" || event.code === "NumpadEnter" || (event.code === "Space" && !this.isTyping)) this.items[at]?.click();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) this.find(event.key, at);
    else return;
    event.preventDefault();
  }

  /** Back to the menu before, where there is one; Tab closes them all. @param {string} code */
  leave(code) {
    if (this.back && code !== "Tab") this.back();
    else if (code !== "ArrowLeft") this.doors.close();
  }

  /** Letters were typed a moment ago: a space belongs to them. */
  get isTyping() {
    return this.typed !== "" && performance.now() - this.typedAt < TYPING_MS;
  }

  /** Letters typed soon after each other find an entry by its beginning. @param {string} letter @param {number} at */
  find(letter, at) {
    this.typed = this.isTyping ? this.typed + letter : letter;
    this.typedAt = performance.now();
    const wanted = this.typed.toLowerCase();
    const from = this.typed.length > 1 ? at : at + 1;
    const turned = [...this.items.slice(from), ...this.items.slice(0, from)];
    turned.find((one) => one.querySelector(".menu-words")?.textContent?.toLowerCase().startsWith(wanted))?.focus();
  }
}
