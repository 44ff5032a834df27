// @ts-check
// Several objects that were found: which of them are kept. Pure.

import { shared } from "../geometry/boxes.js";

/** @typedef {import("./types.js").Found} Found */
/** @typedef {import("../types.js").Rect} Rect */

/** Of intersection over union: boxes that are as alike are of one object. */
const ALIKE = 0.8;

export class Results {
  /** @param {Found[]} found the surest first @param {number | null} [asked] the threshold that they were asked with */
  constructor(found, asked = null) {
    this.found = found;
    /** @type {Set<Found>} in the order in which they were deleted */
    this.deleted = new Set();
    /** Those that are less sure are left out. */
    this.threshold = asked ?? this.floor;
  }

  /** The least confidence there is, rounded down to hundredths: at this threshold all are kept. 1 where none was found. */
  get floor() {
    const least = Math.min(1, ...this.found.map((one) => one.confidence));
    return Math.max(0, Math.floor(least * 100 + 1e-6) / 100);
  }

  /** @returns {Found[]} */
  get kept() {
    return this.found.filter((one) => !this.deleted.has(one) && one.confidence >= this.threshold - 1e-9);
  }

  /** @param {Found} one */
  remove(one) {
    this.deleted.add(one);
  }

  /** Bring back what was deleted last. @returns {boolean} whether there was anything */
  restore() {
    const last = [...this.deleted].at(-1);
    return last !== undefined && this.deleted.delete(last);
  }

  /**
   * The same was asked for again, of less sure ones too: what was deleted before stays deleted.
   * @param {Results} before
   * @param {(one: Found) => Rect} boxOf
   */
  follow(before, boxOf) {
    for (const gone of before.deleted) {
      const box = boxOf(gone);
      const again = this.found.find((one) => !this.deleted.has(one) && alike(box, boxOf(one)));
      if (again) this.deleted.add(again);
    }
  }

  /** How many are kept of those that were found, in words. */
  get count() {
    return `${this.kept.length} of ${this.found.length}`;
  }
}

/** @param {Rect} one @param {Rect} other */
function alike(one, other) {
  const both = shared(one, other);
  return both > 0 && both >= ALIKE * (one.width * one.height + other.width * other.height - both);
}
