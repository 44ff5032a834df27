// @ts-check
// Names of members while an @ is being written: arrows choose, Enter or Tab takes one.

import { make } from "../../shared/dom.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

const SHOWN = 6;
let lists = 0;

/**
 * Offer the members whose names begin with what follows an @ in the field. Returns the list, to be put beside it.
 * @param {Field} field
 * @param {{name: string}[]} members
 */
export function suggestMembers(field, members) {
  const offer = new Offer(field, members.map((one) => one.name));
  field.addEventListener("input", () => offer.look());
  field.addEventListener("keydown", (event) => offer.key(/** @type {KeyboardEvent} */ (event)));
  field.addEventListener("blur", () => offer.show([]));
  return offer.list;
}

class Offer {
  /** @param {Field} field @param {string[]} names */
  constructor(field, names) {
    this.field = field;
    this.names = names;
    this.at = 0;
    /** @type {string[]} */
    this.found = [];
    lists += 1;
    this.list = make("ul", { class: "members", role: "listbox", id: `members-${lists}`, "aria-label": "Members", hidden: true });
    field.setAttribute("aria-controls", this.list.id);
  }

  /** What was written after the @ before the caret, null where there is none. @returns {string | null} */
  begun() {
    const before = this.field.value.slice(0, this.field.selectionStart ?? 0);
    return /(?:^|[^\w.@+-])@([\w.@+-]*)$/.exec(before)?.[1] ?? null;
  }

  look() {
    const begun = this.begun()?.toLowerCase();
    this.at = 0;
    this.show(begun === undefined ? [] : this.names.filter((one) => one.toLowerCase().startsWith(begun)).slice(0, SHOWN));
  }

  /** @param {string[]} found */
  show(found) {
    this.found = found;
    this.list.hidden = !found.length;
    const rows = found.map((name, index) => this.row(name, index));
    this.list.replaceChildren(...rows);
    const current = rows[this.at];
    if (current) this.field.setAttribute("aria-activedescendant", current.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {string} name @param {number} index */
  row(name, index) {
    const row = make("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": String(index === this.at) }, `@${name}`);
    // The field keeps the focus.
    row.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(name);
    });
    return row;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { found } = this;
    const name = found[this.at];
    if (name === undefined || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      this.show(found);
    } else if (event.key === "Enter" || event.key === "Tab") this.take(name);
    else if (event.key === "Escape") this.show([]);
    else return;
    event.preventDefault();
  }

  /** @param {string} name */
  take(name) {
    const { field } = this;
    const caret = field.selectionStart ?? 0;
    field.setRangeText(`${name} `, caret - (this.begun()?.length ?? 0), caret, "end");
    this.show([]);
    field.dispatchEvent(new Event("input"));
  }
}
