// @ts-check
// Skeletons: the template of a class placed into a box, and the visibility of vertices.

import { thousandth } from "./points.js";

/** @typedef {import("../types.js").SkeletonShape} SkeletonShape */
/** @typedef {import("../types.js").Visibility} Visibility */

/** @type {Visibility[]} in the order in which they are cycled through */
const CYCLE = ["visible", "occluded", "invisible"];

/** What people read for each. @type {Record<string, string>} */
export const VISIBILITY_NAMES = { visible: "visible", occluded: "occluded", selfOccluded: "self-occluded", invisible: "invisible" };

/**
 * Place a template into a box of the frame.
 * @param {import("../types.js").SkeletonTemplate} template
 * @param {import("../types.js").Rect} box
 * @returns {SkeletonShape}
 */
export function placed(template, { left, top, width, height }) {
  return {
    vertices: template.vertices.map(({ x, y }) => ({
      x: thousandth(left + x * width),
      y: thousandth(top + y * height),
      visibility: "visible",
    })),
  };
}

/** The visibility that comes after. @param {Visibility} visibility @returns {Visibility} */
export function nextVisibility(visibility) {
  return CYCLE[(CYCLE.indexOf(visibility) + 1) % CYCLE.length] ?? "visible";
}
