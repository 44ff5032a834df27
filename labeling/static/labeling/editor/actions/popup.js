// @ts-check
// A menu over the page: one focus that walks, letters that find, reasons for what cannot be done.

import { make } from "../../shared/dom.js";

/**
 * @typedef {object} Entry
 * @property {string} title
 * @property {Node} [mark] an icon or a swatch before the title
 * @property {string} [chord] as the person's platform writes it
 * @property {string} [reason] why it cannot be chosen now
 * @property {boolean} [checked] of entries of which one holds
 * @property {() => void} run
 *
 * @typedef {{title: string, entries: Entry[]}} EntryGroup
 */

const EDGE = 8;
const TYPING_MS = 700;

/** @type {Popup | null} */
let open = null;

/** Close the menu that is open, if there is one. */
export function closePopup() {
  open?.close();
}

export class Popup {
  /**
   * Open it; one that is open already is closed.
   * @param {object} options
   * @param {string} options.label what it is about, shown above the entries
   * @param {EntryGroup[]} options.groups
   * @param {number} options.x CSS pixels of the window
   * @param {number} options.y
   * @param {HTMLElement} [options.back] gets the focus again
   * @param {() => void} [options.closed]
   */
  constructor({ label, groups, x, y, back, closed }) {
    open?.close();
    open = this;
    this.back = back ?? /** @type {HTMLElement | null} */ (document.activeElement);
    this.closed = closed;
    this.typed = "";
    this.typedAt = 0;
    /** @type {HTMLElement[]} */
    this.items = [];
    this.element = make("div", { class: "menu", role: "menu", "aria-label": label }, make("p", { class: "menu-label", role: "presentation" }, label));
    groups.filter((one) => one.entries.length).forEach((group, index) => this.addGroup(group, index > 0));
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("contextmenu", (event) => event.preventDefault());
    // The reason of the entry that has the focus stands below, so that nothing moves under the pointer.
    this.why = make("p", { class: "menu-why", "aria-hidden": "true", hidden: !groups.some((one) => one.entries.some((entry) => entry.reason)) });
    this.element.append(this.why);
    this.element.addEventListener("focusin", (event) => (this.why.textContent = event.target instanceof Element ? event.target.getAttribute("aria-description") : ""));
    this.outside = (/** @type {Event} */ event) => {
      if (event.target instanceof Node && !this.element.contains(event.target)) this.close(false);
    };
    document.addEventListener("pointerdown", this.outside, true);
    this.leave = () => this.close(false);
    window.addEventListener("blur", this.leave);
    window.addEventListener("resize", this.leave);
    document.body.append(this.element);
    this.put(x, y);
    this.items[0]?.focus({ preventScroll: true });
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
      ...(entry.reason ? { "aria-disabled": "true", "aria-description": entry.reason, title: entry.reason } : {}),
    }, make("span", { class: "menu-mark" }, ...(entry.mark ? [entry.mark] : [])), words);
    if (entry.chord) item.append(make("kbd", { "aria-hidden": "true" }, entry.chord));
    item.addEventListener("click", () => this.choose(entry));
    item.addEventListener("pointermove", () => document.activeElement !== item && item.focus({ preventScroll: true }));
    this.items.push(item);
    return item;
  }

  /** @param {Entry} entry */
  choose(entry) {
    if (entry.reason) return;
    this.close();
    entry.run();
  }

  /** Inside the window, whatever was asked for. @param {number} x @param {number} y */
  put(x, y) {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    this.element.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))}px`;
    this.element.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))}px`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation();
    const at = this.items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const last = this.items.length - 1;
    const to = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.code];
    if (to !== undefined) this.items[to]?.focus();
    else if (event.code === "Escape" || event.code === "Tab") this.close();
    else if (event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Space") this.items[at]?.click();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) this.find(event.key, at);
    else return;
    event.preventDefault();
  }

  /** Letters typed soon after each other find an entry by its beginning. @param {string} letter @param {number} at */
  find(letter, at) {
    const now = performance.now();
    this.typed = now - this.typedAt < TYPING_MS ? this.typed + letter : letter;
    this.typedAt = now;
    const wanted = this.typed.toLowerCase();
    const from = this.typed.length > 1 ? at : at + 1;
    const turned = [...this.items.slice(from), ...this.items.slice(0, from)];
    turned.find((one) => one.querySelector(".menu-words")?.textContent?.toLowerCase().startsWith(wanted))?.focus();
  }

  /** @param {boolean} [focus] give the focus back */
  close(focus = true) {
    if (open !== this) return;
    open = null;
    document.removeEventListener("pointerdown", this.outside, true);
    window.removeEventListener("blur", this.leave);
    window.removeEventListener("resize", this.leave);
    const inside = this.element.contains(document.activeElement);
    this.element.remove();
    if (focus || inside) this.back?.focus({ preventScroll: true });
    this.closed?.();
  }
}
