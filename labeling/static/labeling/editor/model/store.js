// @ts-check
// What the page shows of the task: the server's word, with the edits that wait laid over it. No DOM.

import { apply, restore } from "./apply.js";
import { answerOn, reviewOf } from "./ranges.js";
import { emptyPatch, Overlay, World } from "./world.js";

/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {import("../types.js").Decision} Decision */
/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("./world.js").Patch} Patch */
/** @typedef {{tell: (topic: any, detail?: unknown) => void}} Teller */
/**
 * A change that the server has not confirmed: operations, or something shown as it was before or after an edit.
 * @typedef {object} Waiting
 * @property {string} id
 * @property {Operation[]} [operations]
 * @property {{patch: Patch, seq: number | null}} [back] what an edit replaced, and its number
 * @property {Patch} patch what it replaced here
 */

/** Frames of one reading of labels. */
export const WINDOW = 64;
/** Readings that are kept. */
const WINDOWS_MAX = 40;

export class Store {
  /** @param {Teller & {facts: import("../types.js").Facts, classes: Map<number, {name: string}>}} bench */
  constructor(bench) {
    this.bench = bench;
    this.world = new World();
    this.over = new Overlay(this.world);
    /** @type {Waiting[]} in the order in which they were made */
    this.waiting = [];
    /** @type {Map<Key, Instance>} as they are shown */
    this.instances = new Map();
    /** @type {Map<number, Key>} */
    this.keys = new Map();
    /** @type {Set<number>} numbers of the windows that were read; the one needed last comes last */
    this.windows = new Set();
    /** How many edits of ours the server has confirmed: what was read meanwhile may be older. */
    this.confirmations = 0;
    /** @type {import("./apply.js").Knowledge} */
    this.knowledge = {
      user: bench.facts.user.id, first: bench.facts.first, last: bench.facts.last,
      nameOf: (id, number) => `${bench.classes.get(id)?.name ?? "Object"} ${number || "(new)"}`,
    };
  }

  /** @param {number} id @returns {Key | undefined} */
  keyOf(id) {
    return this.keys.get(id);
  }

  /** @param {Key} key @param {number} frame @returns {Label | undefined} */
  label(key, frame) {
    return this.over.label(key, frame) ?? undefined;
  }

  /** The labels of a frame in paint order, absent marks included. @param {number} frame @returns {Label[]} */
  labelsOn(frame) {
    const over = this.over.labels.get(frame);
    const labels = [...(this.world.labels.get(frame)?.values() ?? [])].filter((one) => !over?.has(one.instance) && this.instances.has(one.instance));
    for (const label of over?.values() ?? []) if (label && this.instances.has(label.instance)) labels.push(label);
    const numberOf = (/** @type {Label} */ one) => this.instances.get(one.instance)?.number || Infinity;
    return labels.sort((a, b) => a.z_order - b.z_order || numberOf(a) - numberOf(b) || (a.instance < b.instance ? -1 : 1));
  }

  /** @param {number} frame */
  loaded(frame) {
    return this.windows.has(Math.floor(frame / WINDOW));
  }

  /** @param {Key} key @returns {Answer[]} */
  answers(key) {
    return this.over.answersOf(key);
  }

  /** @param {Key} key @param {number} definition @param {number} frame @returns {Answer | undefined} */
  answerAt(key, definition, frame) {
    return answerOn(this.answers(key), definition, frame);
  }

  /** @param {number} definition @param {number} frame @returns {Answer | undefined} */
  classificationAt(definition, frame) {
    return answerOn(this.over.allClassifications(), definition, frame);
  }

  /** All answers about frames. @returns {Answer[]} */
  classifications() {
    return this.over.allClassifications();
  }

  /** @param {Key} key @returns {Decision[]} */
  decisions(key) {
    return this.over.decisionsOf(key);
  }

  /**
   * Show operations that the server has not confirmed yet.
   * @param {string} id
   * @param {Operation[]} operations
   * @returns {Patch} what they replaced
   */
  lay(id, operations) {
    const patch = apply(this.over, operations, this.knowledge);
    this.waiting.push({ id, operations, patch });
    this.changed(patch);
    return patch;
  }

  /**
   * Show things as they were before an edit, until the server has said how they are.
   * @param {string} id
   * @param {Patch} patch what the edit replaced
   * @param {number | null} seq of the edit
   * @returns {Patch}
   */
  layBack(id, patch, seq) {
    const again = restore(this.over, patch, seq);
    this.waiting.push({ id, back: { patch, seq }, patch: again });
    this.changed(again);
    return again;
  }

  /** What a change that waits replaced, as things are now. @param {string} id @returns {Patch | null} */
  patchOf(id) {
    return this.waiting.find((one) => one.id === id)?.patch ?? null;
  }

  /** A change that waits became another one. @param {string} id @param {Operation[]} operations */
  layAgain(id, operations) {
    const waiting = this.waiting.find((one) => one.id === id);
    if (!waiting) return;
    const before = waiting.patch;
    waiting.operations = operations;
    this.layAnew();
    this.changed(before);
    this.changed(waiting.patch);
  }

  /**
   * All that waits, in order, in place of what waited.
   * @param {{id: string, operations: Operation[], back?: {patch: Patch, seq: number | null}}[]} rows
   */
  relay(rows) {
    this.waiting = rows.flatMap(({ id, operations, back }) =>
      back || operations.length ? [{ id, patch: emptyPatch(), ...(back ? { back } : { operations }) }] : [],
    );
    this.layAnew();
    for (const topic of ["instances", "labels", "answers", "reviews"]) this.bench.tell(topic);
  }

  /** The server has confirmed a change, and its answer is in the world: nothing of it waits any more. @param {string} id */
  confirm(id) {
    const patch = this.patchOf(id);
    this.waiting = this.waiting.filter((one) => one.id !== id);
    this.layAnew();
    if (patch) this.changed(patch);
    else for (const topic of ["labels", "answers", "reviews"]) this.bench.tell(topic);
    this.bench.tell("instances");
  }

  /** It was refused or taken back: what is left is laid over the server's word anew. @param {string} id */
  lift(id) {
    const gone = this.waiting.find((one) => one.id === id);
    if (!gone) return;
    this.waiting = this.waiting.filter((one) => one !== gone);
    this.layAnew();
    this.changed(gone.patch);
  }

  /** The world beneath has changed. */
  layAnew() {
    this.over.clear();
    for (const one of this.waiting) {
      one.patch = one.operations
        ? apply(this.over, one.operations, this.knowledge)
        : restore(this.over, /** @type {NonNullable<Waiting["back"]>} */ (one.back).patch, one.back?.seq ?? null);
    }
    this.showInstances();
  }

  showInstances() {
    const shown = new Map(this.world.instances);
    for (const [key, instance] of this.over.instances) {
      if (instance) shown.set(key, instance);
      else shown.delete(key);
    }
    this.instances = shown;
    this.keys = new Map();
    for (const one of shown.values()) if (one.id !== null) this.keys.set(one.id, one.key);
  }

  /** Tell of everything that a patch touches. @param {Patch} patch */
  changed(patch) {
    if (patch.instances.size) {
      this.showInstances();
      this.bench.tell("instances");
    }
    const frames = [...patch.labels.values()].map((one) => one.frame);
    if (frames.length) this.bench.tell("labels", { first: least(frames), last: most(frames) });
    if (patch.answers.size || patch.classifications) this.bench.tell("answers");
    if (patch.decisions.size) this.bench.tell("reviews");
  }

  /**
   * What the server said of frames `first` to `last` (inclusive) replaces what it had said before.
   * @param {number} first
   * @param {number} last
   * @param {Label[]} labels
   */
  replace(first, last, labels) {
    for (let frame = first; frame <= last; frame += 1) this.world.labels.delete(frame);
    for (const label of labels) this.world.put(label);
    this.layAnew();
    this.bench.tell("labels", { first, last });
  }

  /** A window was read, or is needed again; those that were not needed for long are forgotten. @param {number} number */
  keepWindow(number) {
    this.windows.delete(number);
    this.windows.add(number);
    for (const oldest of this.windows) {
      if (this.windows.size <= WINDOWS_MAX) break;
      this.forgetWindow(oldest);
    }
  }

  /** The labels of a window are read anew when they are needed; what waits to be saved stays. @param {number} number */
  forgetWindow(number) {
    this.windows.delete(number);
    for (let frame = number * WINDOW; frame < (number + 1) * WINDOW; frame += 1) this.world.labels.delete(frame);
  }

  /** The objects that the server has. @param {Instance[]} instances */
  setInstances(instances) {
    const known = new Set(instances.map((one) => one.key));
    for (const key of [...this.world.instances.keys()]) if (!known.has(key)) this.world.forget(key);
    for (const one of instances) this.world.instances.set(one.key, one);
    this.layAnew();
    this.bench.tell("instances");
  }

  /** All answers about objects, and all about frames. @param {Map<Key, Answer[]>} answers @param {Answer[]} classifications */
  setAnswers(answers, classifications) {
    this.world.answers = answers;
    this.world.classifications = classifications;
    this.layAnew();
    this.bench.tell("answers");
  }

  /** All decisions; the labels that are known say so from then on. @param {Map<Key, Decision[]>} decisions */
  setDecisions(decisions) {
    const keys = new Set([...this.world.decisions.keys(), ...decisions.keys()]);
    this.world.decisions = decisions;
    this.judge(keys);
    this.layAnew();
    this.bench.tell("reviews");
    this.bench.tell("labels");
  }

  /** Have the known labels of these objects say what was decided on them. @param {Iterable<Key | undefined>} keys */
  judge(keys) {
    for (const key of keys) {
      if (key === undefined) continue;
      const decisions = this.world.decisions.get(key) ?? [];
      for (const [frame, labels] of this.world.labels) {
        const label = labels.get(key);
        const review = label && reviewOf(decisions, frame, label.seq);
        if (label && review !== label.review) labels.set(key, /** @type {Label} */ ({ ...label, review }));
      }
    }
  }
}

/** @param {number[]} numbers */
function least(numbers) {
  return numbers.reduce((one, other) => Math.min(one, other), Infinity);
}

/** @param {number[]} numbers */
function most(numbers) {
  return numbers.reduce((one, other) => Math.max(one, other), -Infinity);
}
