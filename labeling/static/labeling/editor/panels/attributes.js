// @ts-check

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} _bench @param {HTMLElement} _place */
export function showAttributes(_bench, _place) {}
