// @ts-check
// The settings of this person.

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} _bench */
export function offerSettings(_bench) {}
