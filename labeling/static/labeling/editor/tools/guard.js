// @ts-check
// Whether an object may be changed by hand on the frame that is shown, and the reason when not.

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */

/** @typedef {{key: Key, name: string, label: Label, kind: ShapeKind, shape: any}} Held a label that may be changed */

/**
 * Say why an object must not be changed here; empty when it may.
 * @param {Bench} bench
 * @param {Key} key
 * @param {number} [frame]
 * @returns {string}
 */
export function obstacle(bench, key, frame = bench.shown) {
  if (!bench.facts.mayEdit) return bench.facts.barrier;
  const name = nameOf(bench, key);
  if (bench.hidden.has(key)) return `${name} is hidden: show it before you change it.`;
  if (bench.locked.has(key)) return `${name} is locked: unlock it before you change it.`;
  if (bench.store.label(key, frame)?.review === "accepted") {
    return `${name} is accepted on this frame: take the decision back before you change it.`;
  }
  return "";
}

/** @param {Bench} bench @param {Key} key */
export function nameOf(bench, key) {
  return bench.store.instances.get(key)?.name ?? "The object";
}

/**
 * The label of an object on the frame that is shown, whether or not it may be changed; null for an absent mark.
 * @param {Bench} bench
 * @param {Key} key
 * @returns {Held | null}
 */
export function shownLabel(bench, key) {
  const instance = bench.store.instances.get(key);
  const label = bench.store.label(key, bench.shown);
  if (!instance || !label?.shape) return null;
  return { key, name: instance.name, label, kind: bench.classOf(instance).shape, shape: label.shape };
}

/** The selected labels on the frame that is shown. @param {Bench} bench @returns {Held[]} */
export function selectedLabels(bench) {
  return [...bench.selection].flatMap((key) => shownLabel(bench, key) ?? []);
}

/** The selected label, if there is one only and it may be changed. @param {Bench} bench @returns {Held | null} */
export function heldLabel(bench) {
  const [key, more] = bench.selection;
  if (key === undefined || more !== undefined || obstacle(bench, key)) return null;
  return shownLabel(bench, key);
}

/** The size of the frame that is shown. @param {Bench} bench @param {number} [frame] */
export function frameSize(bench, frame = bench.shown) {
  const [width, height] = bench.sizeOf(frame);
  return { width, height };
}
