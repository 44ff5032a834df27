// @ts-check
// Whether the selected objects can be tracked, as far as their shapes go. The server has the last word.

import { KIND_NAMES } from "../geometry/shapes.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./form.js").Direction} Direction */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */

const NAMES = { fast: "The fast tracker", sam2: "SAM 2" };

/**
 * True, the reason why not, or false where an entry for it means nothing: no tracker takes the shape, or none
 * goes that way on this modality.
 * @param {Bench} bench
 * @param {Direction} direction
 * @param {keyof typeof NAMES} tracker the one that would run
 * @param {ObjectClass[]} [drafts] classes of drafts that are tracked instead of what is selected
 * @returns {true | string | false}
 */
export function trackable(bench, direction, tracker, drafts) {
  const { directions, shapesTracked } = bench.facts;
  if (!directions.includes(direction)) return false;
  if (!drafts && !bench.selection.size) return "Select the objects to track.";
  const selected = [...bench.selection].flatMap((key) => bench.store.instances.get(key) ?? []);
  const chosen = drafts ?? selected.map((one) => ({ name: one.name, shape: bench.classOf(one).shape }));
  const taken = new Set(shapesTracked[tracker]);
  const refused = chosen.find((one) => !taken.has(one.shape));
  if (!refused) return true;
  const { shape } = refused;
  if (!Object.values(shapesTracked).some((shapes) => shapes.includes(shape))) return false;
  return `${NAMES[tracker]} cannot track the shape of ${refused.name}: ${KIND_NAMES[shape]}.`;
}

/** The tracker of a run that is not told which. @param {Bench} bench @returns {keyof typeof NAMES} */
export function trackerMeant({ facts, preferences }) {
  return !facts.advancedBarrier && preferences.get("advanced_tracking") === true ? "sam2" : "fast";
}
