// @ts-check
// A menu over the page, with the menus that its entries open beside it.

import { make } from "../../shared/dom.js";
import { Level } from "./level.js";

/** @typedef {import("./level.js").Entry} Entry */
/** @typedef {import("./level.js").EntryGroup} EntryGroup */

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
    /** @type {{level: Level, item: HTMLElement} | null} the menu beside, and the item that it belongs to */
    this.beside = null;
    this.root = new Level(label, groups, this.doors());
    this.root.element.prepend(make("p", { class: "menu-label", role: "presentation" }, label));
    this.host = make("div", {}, this.root.element);
    this.host.addEventListener("contextmenu", (event) => event.preventDefault());
    this.outside = (/** @type {Event} */ event) => {
      if (event.target instanceof Node && !this.host.contains(event.target)) this.close(false);
    };
    document.addEventListener("pointerdown", this.outside, true);
    this.leave = () => this.close(false);
    window.addEventListener("blur", this.leave);
    window.addEventListener("resize", this.leave);
    document.body.append(this.host);
    this.root.put(x, y);
    this.root.items[0]?.focus({ preventScroll: true });
  }

  /** @returns {import("./level.js").Doors} */
  doors() {
    return {
      choose: (entry) => this.choose(entry),
      close: () => this.close(),
      open: (item, entry, focus) => this.open(item, entry, focus),
      reached: (level, item) => level === this.root && this.beside?.item !== item && this.shut(),
    };
  }

  /** @param {Entry} entry */
  choose(entry) {
    if (entry.reason) return;
    this.close();
    entry.run();
  }

  /** Open the menu of an entry beside it. @param {HTMLElement} item @param {Entry} entry @param {boolean} focus its first item gets the focus */
  open(item, entry, focus) {
    if (this.beside?.item !== item) {
      this.shut();
      item.focus({ preventScroll: true });
      const made = new Level(entry.title, [{ title: entry.title, entries: entry.entries ?? [] }], this.doors());
      made.back = () => {
        this.shut();
        item.focus({ preventScroll: true });
      };
      item.setAttribute("aria-expanded", "true");
      this.beside = { level: made, item };
      this.host.append(made.element);
      made.putBeside(item);
    }
    if (focus) this.beside?.level.items[0]?.focus({ preventScroll: true });
  }

  /** The menu beside is closed. */
  shut() {
    if (!this.beside) return;
    const { level, item } = this.beside;
    this.beside = null;
    item.setAttribute("aria-expanded", "false");
    level.element.remove();
  }

  /** @param {boolean} [focus] give the focus back */
  close(focus = true) {
    if (open !== this) return;
    open = null;
    document.removeEventListener("pointerdown", this.outside, true);
    window.removeEventListener("blur", this.leave);
    window.removeEventListener("resize", this.leave);
    const inside = this.host.contains(document.activeElement);
    this.host.remove();
    if (focus || inside) this.back?.focus({ preventScroll: true });
    this.closed?.();
  }
}
