// @ts-check
// Several objects that were found: which of them are kept. Pure.

/** @typedef {import("./types.js").Found} Found */

export class Results {
  /** @param {Found[]} found the surest first @param {number | null} [asked] the threshold that they were asked with */
  constructor(found, asked = null) {
    this.found = found;
    /** @type {Set<Found>} */
    this.deleted = new Set();
    /** Those that are less sure are left out. */
    this.threshold = asked ?? this.floor;
  }

  /** The least confidence there is, rounded down to hundredths: at this threshold all are kept. */
  get floor() {
    const least = Math.min(1, ...this.found.map((one) => one.confidence));
    return this.found.length ? Math.max(0, Math.floor(least * 100 + 1e-6) / 100) : 0;
  }

  /** @returns {Found[]} */
  get kept() {
    return this.found.filter((one) => !this.deleted.has(one) && one.confidence >= this.threshold - 1e-9);
  }

  /** @param {Found} one */
  remove(one) {
    this.deleted.add(one);
  }

  /** How many are kept of those that were found, in words. */
  get count() {
    return `${this.kept.length} of ${this.found.length}`;
  }
}
