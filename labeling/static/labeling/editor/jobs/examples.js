// @ts-check
// Labels that show a detector what a class looks like.

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {{instance: number, frame: number}} Example */

export const EXAMPLES_MAX = 3;

/**
 * Labels of the class that the server has: of selected objects first, then of those that people labelled, each the
 * one nearest to the shown frame.
 * @param {Bench} bench
 * @param {number} classId
 * @returns {Example[]}
 */
export function examplesOf(bench, classId) {
  const places = [];
  for (const instance of bench.store.instances.values()) {
    if (instance.object_class !== classId || instance.id === null) continue;
    const place = placeOf(bench, instance);
    if (place) places.push({ ...place, instance: instance.id, chosen: bench.selection.has(instance.key) });
  }
  places.sort((a, b) => Number(b.chosen) - Number(a.chosen) || Number(b.byHand) - Number(a.byHand) || a.far - b.far);
  return places.slice(0, EXAMPLES_MAX).map(({ instance, frame }) => ({ instance, frame }));
}

/**
 * Where an object's best label is: one by hand if there is any, as near as can be.
 * @param {Bench} bench
 * @param {Instance} instance
 */
function placeOf(bench, { key }) {
  const { spans } = bench.tracks.of(key);
  const byHand = spans.filter(([, , code]) => code === "h");
  const frames = (byHand.length ? byHand : spans).map(([first, last]) => Math.min(Math.max(bench.shown, first), last));
  frames.sort((a, b) => Math.abs(a - bench.shown) - Math.abs(b - bench.shown));
  const [frame] = frames;
  return frame === undefined ? null : { frame, far: Math.abs(frame - bench.shown), byHand: byHand.length > 0 };
}
