// @ts-check
// Selecting in the table: one, some, a stretch; by pointer and by keys.

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */

export class Picking {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Key | null} where a stretch begins */
    this.anchor = null;
  }

  /** Only this one. @param {Key} key */
  only(key) {
    this.anchor = key;
    this.bench.select([key]);
  }

  /** This one too, or no longer. @param {Key} key */
  too(key) {
    this.anchor = key;
    this.bench.toggle(key);
  }

  /** All from the anchor (else what is selected, by whatever means) to this one, whose details are shown then. @param {Key} key */
  upTo(key) {
    const { tableOrder: order, primary, selection } = this.bench;
    const anchor = this.anchor !== null && selection.has(this.anchor) ? this.anchor : (primary?.key ?? "");
    const from = order.indexOf(anchor);
    const to = order.indexOf(key);
    if (from < 0 || to < 0) {
      this.only(key);
      return;
    }
    this.anchor = anchor;
    const stretch = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.bench.select([...stretch.filter((one) => one !== key), key]);
  }

  /** @param {Key} key @param {{shiftKey: boolean, ctrlKey: boolean, metaKey: boolean}} event */
  by(key, event) {
    if (event.shiftKey) this.upTo(key);
    else if (event.ctrlKey || event.metaKey) this.too(key);
    else this.only(key);
  }
}
