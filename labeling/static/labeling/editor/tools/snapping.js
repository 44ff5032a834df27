// @ts-check
// Vertices come to rest on those of neighbours, on their edges, and on the border of the frame.

import { meet } from "../geometry/boxes.js";
import { distance, inside } from "../geometry/points.js";
import { nearestPlace } from "../geometry/rings.js";
import { bounds, outlinesOf } from "../geometry/shapes.js";
import { frameSize } from "./guard.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {{at: Point, snapped: boolean}} Snapped */

/** Screen pixels. */
const REACH = 8;

/**
 * Where a point comes to rest. Always in the frame.
 * @param {Bench} bench
 * @param {Point} point
 * @param {{off?: boolean, except?: import("../types.js").Key | null, also?: Point[]}} [options] `off`: no snapping,
 *   `except`: the object that the vertex is of, `also`: more points to rest on
 * @returns {Snapped}
 */
export function snap(bench, point, { off = false, except = null, also = [] } = {}) {
  const size = frameSize(bench);
  const within = inside(point, size);
  if (off || bench.preferences.get("snap") === false) return { at: within, snapped: false };
  const reach = REACH / bench.viewport.scale;
  const neighbours = outlinesNear(bench, point, reach, except);
  const vertex = nearestOf([...also, ...neighbours.flatMap(({ points }) => points)], point, reach);
  if (vertex) return { at: vertex, snapped: true };
  const places = neighbours.map(({ points, closed }) => nearestPlace(points, point, closed).at);
  const edge = nearestOf(places, point, reach);
  if (edge) return { at: edge, snapped: true };
  return atBorder(within, size, reach);
}

/** @param {Bench} bench @param {Point} point @param {number} reach @param {import("../types.js").Key | null} except */
function outlinesNear(bench, [x, y], reach, except) {
  const near = { left: x - reach, top: y - reach, width: 2 * reach, height: 2 * reach };
  return bench.store.labelsOn(bench.shown).flatMap(({ instance: key, shape }) => {
    if (!shape || key === except || bench.hidden.has(key)) return [];
    const instance = bench.store.instances.get(key);
    if (!instance) return [];
    const kind = bench.classOf(instance).shape;
    return meet(bounds(kind, shape), near) ? outlinesOf(kind, shape) : [];
  });
}

/** @param {Point[]} points @param {Point} point @param {number} reach @returns {Point | null} */
function nearestOf(points, point, reach) {
  let [best, away] = [/** @type {Point | null} */ (null), reach];
  for (const one of points) {
    const now = distance(one, point);
    if (now <= away) [best, away] = [one, now];
  }
  return best;
}

/** @param {Point} point @param {{width: number, height: number}} size @param {number} reach @returns {Snapped} */
function atBorder([x, y], { width, height }, reach) {
  const to = (/** @type {number} */ value, /** @type {number} */ limit) => (value < reach ? 0 : value > limit - reach ? limit : value);
  /** @type {Point} */
  const at = [to(x, width), to(y, height)];
  return { at, snapped: at[0] !== x || at[1] !== y };
}
