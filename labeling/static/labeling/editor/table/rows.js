// @ts-check
// The body of the table: only rows near what is seen exist, however many objects there are.

import { make } from "../../shared/dom.js";
import { rowOf } from "./facts.js";
import { COLUMN_COUNT } from "./head.js";
import { TableRow } from "./row.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */

/** Height of a row in CSS pixels, as the style sheet sets it. */
export const ROW = 30;
const MORE = 6;

export class Rows {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} scroller
   */
  constructor(bench, scroller) {
    this.bench = bench;
    this.scroller = scroller;
    /** @type {Map<Key, TableRow>} those that exist */
    this.made = new Map();
    /** @type {Key | null} the row that holds the tab stop */
    this.active = null;
    this.above = spacer();
    this.below = spacer();
    this.body = make("tbody", {}, this.above.row, this.below.row);
  }

  /** Make the rows that are seen say what is so now. */
  render() {
    const order = this.bench.tableOrder;
    const focused = this.body.contains(document.activeElement);
    if (this.active === null || !order.includes(this.active)) this.active = order[0] ?? null;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW) - MORE);
    const last = Math.min(order.length, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / ROW) + MORE);
    this.keep(new Set(order.slice(first, last)));
    this.above.cell.style.height = `${first * ROW}px`;
    this.below.cell.style.height = `${(order.length - last) * ROW}px`;
    /** @type {Element | null} */
    let at = this.above.row.nextElementSibling;
    for (let index = first; index < last; index += 1) {
      const row = this.row(/** @type {Key} */ (order[index]), index);
      if (row === null) continue;
      if (row.element === at) at = at.nextElementSibling;
      else this.body.insertBefore(row.element, at);
    }
    // A row that had the focus and moved, or went away, gives it to the row that stands for it, or to the table.
    if (focused && !this.body.contains(document.activeElement)) (this.activeElement ?? this.scroller).focus({ preventScroll: true });
  }

  /** @param {Set<Key>} wanted */
  keep(wanted) {
    for (const [key, row] of this.made) {
      if (wanted.has(key)) continue;
      row.element.remove();
      this.made.delete(key);
    }
  }

  /** @param {Key} key @param {number} index */
  row(key, index) {
    const facts = rowOf(this.bench, key);
    if (!facts) return null;
    let row = this.made.get(key);
    if (row) row.fill(facts);
    else this.made.set(key, (row = new TableRow(facts)));
    row.place(index, this.bench.selection.has(key), key === this.active);
    return row;
  }

  get activeElement() {
    return this.active === null ? null : (this.made.get(this.active)?.element ?? null);
  }

  /** Bring a row into sight; make it the tab stop, and focus it when asked. @param {Key} key @param {boolean} focus */
  show(key, focus) {
    const index = this.bench.tableOrder.indexOf(key);
    if (index < 0) return;
    this.active = key;
    const { scroller } = this;
    const head = /** @type {HTMLElement | null} */ (scroller.querySelector("thead"))?.offsetHeight ?? 0;
    const top = index * ROW;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW + head > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + ROW + head - scroller.clientHeight;
    this.render();
    // One of the row's own buttons keeps the focus that it has.
    const row = this.activeElement;
    if (focus && !row?.contains(document.activeElement)) row?.focus({ preventScroll: true });
  }
}

function spacer() {
  const cell = make("td", { role: "presentation", colspan: String(COLUMN_COUNT) });
  return { cell, row: make("tr", { class: "spacer", role: "presentation" }, cell) };
}
