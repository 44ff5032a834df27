// @ts-check
// What the page shows of a task: the server's word, with the edits that wait laid over it.

import { apply, restore } from "./apply.js";
import { answerOn, reviewOf } from "./ranges.js";
import { Overlay, World } from "./world.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {import("../types.js").Decision} Decision */
/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("./world.js").Patch} Patch */
/**
 * What changed, so that only those who show it are told. `labels`: frames, inclusive, or all.
 * @typedef {{labels?: [number, number] | "all", instances?: boolean, answers?: boolean, reviews?: boolean}} Touched
 */

/** Labels are read by windows of so many frames. */
export const WINDOW = 64;

export class Store extends EventTarget {
  /** @param {Pick<Bench, "tell" | "facts" | "classes">} bench */
  constructor(bench) {
    super();
    this.bench = bench;
    this.world = new World();
    this.over = new Overlay(this.world);
    /** @type {Map<Key, Instance>} as shown, by number; those that the server does not have yet at the end */
    this.instances = new Map();
    /** @type {Set<number>} numbers of the windows of labels that are known */
    this.windows = new Set();
    /** @type {() => void} lays the edits that wait over the world; set by Editing */
    this.layer = () => {};
    /** @type {Map<number, Key>} */
    this.keys = new Map();
    /** @type {Map<number, Label[]>} */
    this.sorted = new Map();
    const { user, first, last } = bench.facts;
    this.knowledge = { user: user.id, first, last, nameOf: this.nameOf.bind(this) };
  }

  /** @param {number} id the server's @returns {Key | undefined} */
  keyOf(id) {
    return this.keys.get(id);
  }

  /** @param {Key} key @param {number} frame @returns {Label | undefined} */
  label(key, frame) {
    return this.over.label(key, frame) ?? undefined;
  }

  /** The labels of a frame in paint order, absent marks included. @param {number} frame @returns {Label[]} */
  labelsOn(frame) {
    const known = this.sorted.get(frame);
    if (known) return known;
    const keys = new Set([...(this.world.labels.get(frame)?.keys() ?? []), ...(this.over.labels.get(frame)?.keys() ?? [])]);
    const labels = [...keys].map((key) => this.over.label(key, frame)).filter((label) => label !== null);
    const shown = labels.filter((label) => this.instances.has(label.instance)).sort((a, b) => this.order(a, b));
    this.sorted.set(frame, shown);
    return shown;
  }

  /** @param {Label} a @param {Label} b */
  order(a, b) {
    return a.z_order - b.z_order || this.numberOf(a) - this.numberOf(b);
  }

  /** @param {Label} label */
  numberOf(label) {
    return this.instances.get(label.instance)?.number || Number.MAX_SAFE_INTEGER;
  }

  /** Say whether the labels of a frame are known. @param {number} frame */
  loaded(frame) {
    return this.windows.has(Math.floor(frame / WINDOW));
  }

  /** The frames of an instance's labels, absent marks included, as far as they are known. @param {Key} key */
  labelsOf(key) {
    return this.over.labelsOf(key);
  }

  /** @param {Key} key @returns {Answer[]} */
  answers(key) {
    return this.over.answersOf(key);
  }

  /** @param {Key} key @param {number} definition @param {number} frame @returns {any} null when there is none */
  answerAt(key, definition, frame) {
    return answerOn(this.answers(key), definition, frame)?.value ?? null;
  }

  /** @returns {Answer[]} */
  get classifications() {
    return this.over.allClassifications();
  }

  /** @param {number} definition @param {number} frame @returns {any} null when there is none */
  classificationAt(definition, frame) {
    return answerOn(this.classifications, definition, frame)?.value ?? null;
  }

  /** @param {Key} key @returns {Decision[]} */
  decisions(key) {
    return this.over.decisionsOf(key);
  }

  /** What an instance is called. @param {number} objectClass @param {number} number 0: the server has not given it one */
  nameOf(objectClass, number) {
    const name = this.bench.classes.get(objectClass)?.name ?? "Object";
    return number ? `${name} ${number}` : `New ${name}`;
  }

  // What the server said.

  /** @param {Instance[]} instances all there are */
  takeInstances(instances) {
    this.world.instances = new Map(instances.map((one) => [one.key, one]));
    this.keys = new Map(instances.flatMap((one) => (one.id === null ? [] : [[one.id, one.key]])));
    for (const of of [this.world.answers, this.world.decisions]) {
      for (const key of of.keys()) if (!this.world.instances.has(key)) of.delete(key);
    }
    this.relay({ instances: true, labels: "all" });
  }

  /** @param {Instance} instance made or changed */
  takeInstance(instance) {
    this.world.instances.set(instance.key, instance);
    if (instance.id !== null) this.keys.set(instance.id, instance.key);
  }

  /**
   * Frames `first` to `last` hold these labels and no others; they lie in one window.
   * @param {number} first @param {number} last inclusive @param {Label[]} labels
   */
  takeLabels(first, last, labels) {
    for (let frame = first; frame <= last; frame += 1) this.world.labels.delete(frame);
    for (const label of labels) this.world.put(label);
    this.windows.add(Math.floor(first / WINDOW));
    this.relay({ labels: [first, last] });
  }

  /** A label as an edit left it. Frames that were not read stay unread. @param {Label} label */
  takeLabel(label) {
    if (this.loaded(label.frame)) this.world.put(label);
  }

  /** Forget the labels of a window, not those that wait to be saved. @param {number} number */
  forgetWindow(number) {
    this.windows.delete(number);
    for (let frame = number * WINDOW; frame < (number + 1) * WINDOW; frame += 1) {
      this.world.labels.delete(frame);
      this.sorted.delete(frame);
    }
  }

  /** @param {Key} key @param {Decision[]} rows all that hold for it */
  takeDecisions(key, rows) {
    this.world.decisions.set(key, rows);
    for (const labels of this.world.labels.values()) {
      const label = labels.get(key);
      if (label) labels.set(key, { ...label, review: reviewOf(rows, label.frame, label.seq) });
    }
  }

  // What waits.

  /** Lay an edit over what is shown. @param {Operation[]} operations @returns {Patch} what it replaced */
  lay(operations) {
    return apply(this.over, operations, this.knowledge);
  }

  /** Lay over it what an edit had replaced. @param {Patch} patch @param {number | null} seq @returns {Patch} */
  layBack(patch, seq) {
    return restore(this.over, patch, seq);
  }

  /** The world or what waits changed: what is shown is made anew. @param {Touched} touched */
  relay(touched) {
    this.over.clear();
    this.layer();
    this.shown(touched);
  }

  /** Tell of what is shown now. @param {Touched} touched */
  shown(touched) {
    const { labels, instances, answers, reviews } = touched;
    if (instances) this.gather();
    if (labels === "all" || instances) this.sorted.clear();
    else if (labels) for (let frame = labels[0]; frame <= labels[1]; frame += 1) this.sorted.delete(frame);
    if (instances) this.bench.tell("instances");
    if (labels) this.bench.tell("labels", labels === "all" ? undefined : { first: labels[0], last: labels[1] });
    if (answers) this.bench.tell("answers");
    if (reviews) this.bench.tell("reviews");
  }

  gather() {
    const all = new Map(this.world.instances);
    for (const [key, instance] of this.over.instances) {
      if (instance) all.set(key, instance);
      else all.delete(key);
    }
    this.instances = all;
  }
}

/** What a patch touched. @param {Patch} patch @returns {Touched} */
export function touchedBy(patch) {
  const frames = [...patch.labels.values()].map(({ frame }) => frame);
  /** @type {Touched} */
  const touched = {
    instances: patch.instances.size > 0,
    answers: patch.answers.size > 0 || patch.classifications !== null,
    reviews: patch.decisions.size > 0,
  };
  if (frames.length) touched.labels = [Math.min(...frames), Math.max(...frames)];
  return touched;
}

/** @param {Touched[]} all @returns {Touched} */
export function together(all) {
  /** @type {Touched} */
  const sum = { instances: all.some((one) => one.instances), answers: all.some((one) => one.answers), reviews: all.some((one) => one.reviews) };
  for (const { labels } of all) {
    if (!labels) continue;
    if (labels === "all" || sum.labels === "all") sum.labels = "all";
    else sum.labels = sum.labels ? [Math.min(sum.labels[0], labels[0]), Math.max(sum.labels[1], labels[1])] : labels;
  }
  return sum;
}
