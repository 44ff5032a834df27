// @ts-check
// Who a drawing is for: the selected object that has no label on this frame, else a new one of the chosen class.

import { fault, KIND_NAMES, tidy } from "../geometry/shapes.js";
import { frameSize, obstacle, shownLabel } from "./guard.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {{key: Key | null, of: ObjectClass, frame: number}} Subject key null for a new object */

/** The tool that draws a kind of shape. @type {Record<ShapeKind, string>} */
export const TOOL_OF = {
  bounding_box: "box",
  rotatable_bounding_box: "rotated",
  polygon: "polygon",
  bitmask: "brush",
  polyline: "polyline",
  point: "point",
  skeleton: "skeleton",
};

/**
 * The selected object, if there is one only and drawing would give it its label on this frame.
 * @param {Bench} bench
 * @returns {{key: Key, of: ObjectClass} | null}
 */
export function unlabelled(bench) {
  const [key, more] = bench.selection;
  const instance = key === undefined || more !== undefined ? null : bench.store.instances.get(key);
  if (!key || !instance || shownLabel(bench, key)) return null;
  return { key, of: bench.classOf(instance) };
}

/**
 * Say who a drawing of one of these kinds is for, or, as a sentence, why it cannot be drawn.
 * @param {Bench} bench
 * @param {readonly ShapeKind[]} kinds
 * @returns {Subject | string}
 */
export function subjectFor(bench, kinds) {
  if (!bench.facts.mayEdit) return bench.facts.barrier;
  const frame = bench.shown;
  const waiting = unlabelled(bench);
  if (waiting && kinds.includes(waiting.of.shape)) return obstacle(bench, waiting.key) || { ...waiting, frame };
  const of = bench.currentClass;
  if (!of) return "Choose a class first.";
  if (!kinds.includes(of.shape)) return `${of.name} is drawn as a ${KIND_NAMES[of.shape]}.`;
  if (of.shape === "skeleton" && !of.skeleton) return `${of.name} has no template: a manager gives it one under Ontology.`;
  return { key: null, of, frame };
}

/** The kind of shape that is drawn next. @param {Bench} bench @returns {ShapeKind | null} */
export function nextKind(bench) {
  return unlabelled(bench)?.of.shape ?? bench.currentClass?.shape ?? null;
}

/**
 * Keep what was drawn. A shape that cannot be kept is said and stays undone.
 * @param {Bench} bench
 * @param {Subject} subject
 * @param {any} shape
 * @param {string} [verb]
 * @returns {boolean} whether it is kept
 */
export function keepDrawn(bench, { key, of, frame }, shape, verb = "Draw") {
  const size = frameSize(bench, frame);
  const tidied = tidy(of.shape, shape, size);
  const wrong = fault(of.shape, tidied, size, of.skeleton ? { vertices: of.skeleton.vertices.length } : {});
  if (wrong) {
    bench.say(wrong, "warn");
    return false;
  }
  const instance = key ?? bench.editing.newKey();
  const name = key === null ? of.name : (bench.store.instances.get(key)?.name ?? of.name);
  /** @type {import("../types.js").Operation} */
  const put = { op: "label.put", instance, frame, shape: tidied };
  /** @type {import("../types.js").Operation[]} */
  const made = key === null ? [{ op: "instance.create", instance, object_class: of.id }] : [];
  if (!bench.edit(`${verb} ${name}`, [...made, put])) return false;
  if (key === null) bench.select([instance]);
  return true;
}

/**
 * Put changed shapes of existing labels, as one edit; what did not change or cannot be kept is left out.
 * @param {Bench} bench
 * @param {string} verb
 * @param {{held: import("./guard.js").Held, shape: any}[]} changes
 * @param {import("../types.js").EditOptions} [options]
 * @returns {boolean} whether anything was kept
 */
export function keepChanged(bench, verb, changes, options = {}) {
  const size = (/** @type {number} */ frame) => frameSize(bench, frame);
  const tidied = changes.map(({ held, shape }) => ({ held, shape: tidy(held.kind, shape, size(held.label.frame)) }));
  const wrong = tidied.map(({ held, shape }) => fault(held.kind, shape, size(held.label.frame))).find(Boolean);
  if (wrong) {
    bench.say(wrong, "warn");
    return false;
  }
  const [first] = changes;
  if (!first) return false;
  const title = changes.length === 1 ? `${verb} ${first.held.name}` : `${verb} ${changes.length} objects`;
  const operations = tidied.map(({ held, shape }) => putOf(held, shape));
  return bench.edit(title, operations, options) !== null;
}

/** @param {import("./guard.js").Held} held @param {any} shape @returns {import("../types.js").Operation} */
function putOf({ key, label }, shape) {
  return { op: "label.put", instance: key, frame: label.frame, shape };
}
