// @ts-check
// Which objects the table shows and in which order; Tab and the timeline follow it.

import { rowOf } from "./facts.js";
import { asksFrame, parseFilter } from "./filter.js";
import { OF_FRAME, sorted } from "./sorting.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sorting.js").Column} Column */
/** @typedef {import("./sorting.js").Sorting} Sorting */

export class Order {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.text = "";
    this.test = parseFilter("");
    /** @type {Sorting} */
    this.sorting = { column: "name", down: false };
  }

  get ofFrame() {
    return asksFrame(this.text) || OF_FRAME.has(this.sorting.column);
  }

  /** @param {string} text */
  filter(text) {
    this.text = text;
    this.test = parseFilter(text);
    this.renew();
  }

  /** Sort by a column; by the same one again: the other way round, then as at first. @param {Column} column */
  sort(column) {
    const { column: before, down } = this.sorting;
    if (before !== column) this.sorting = { column, down: false };
    else if (!down) this.sorting = { column, down: true };
    else this.sorting = { column: "name", down: false };
    this.renew();
  }

  /** Put the objects in order anew, and tell when it differs. */
  renew() {
    const { bench } = this;
    const rows = sorted([...bench.store.instances.keys()].flatMap((key) => rowOf(bench, key) ?? []), this.sorting);
    const all = rows.map((row) => row.key);
    const shown = rows.filter(this.test).map((row) => row.key);
    if (same(all, bench.allOrder) && same(shown, bench.tableOrder)) return;
    bench.allOrder = all;
    bench.tableOrder = shown;
    bench.tell("order");
  }
}

/** @param {string[]} one @param {string[]} other */
function same(one, other) {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}
