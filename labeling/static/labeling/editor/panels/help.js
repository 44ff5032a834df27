// @ts-check

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} _bench */
export function showHelp(_bench) {}
