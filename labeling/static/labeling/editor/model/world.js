// @ts-check
// What a task holds, as far as it is known here: the server's word, and what waits laid over it. Pure.

/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {import("../types.js").Decision} Decision */

/** What the server said. */
export class World {
  constructor() {
    /** @type {Map<Key, Instance>} */
    this.instances = new Map();
    /** @type {Map<number, Map<Key, Label>>} */
    this.labels = new Map();
    /** @type {Map<Key, Answer[]>} */
    this.answers = new Map();
    /** @type {Answer[]} */
    this.classifications = [];
    /** @type {Map<Key, Decision[]>} */
    this.decisions = new Map();
  }

  /** @param {Key} key @param {number} frame @returns {Label | undefined} */
  label(key, frame) {
    return this.labels.get(frame)?.get(key);
  }

  /** @param {Label} label */
  put(label) {
    const known = this.labels.get(label.frame);
    if (known) known.set(label.instance, label);
    else this.labels.set(label.frame, new Map([[label.instance, label]]));
  }

  /** Forget an instance with all that belongs to it. @param {Key} key */
  forget(key) {
    this.instances.delete(key);
    this.answers.delete(key);
    this.decisions.delete(key);
    for (const labels of this.labels.values()) labels.delete(key);
  }
}

/**
 * What an edit replaced: enough to show things as they were before it. Each thing once, as it was first.
 * @typedef {object} Patch
 * @property {Map<string, {key: Key, frame: number, before: Label | null, after: Label | null}>} labels
 * @property {Map<Key, Instance | null>} instances
 * @property {Map<Key, Answer[]>} answers
 * @property {Answer[] | null} classifications
 * @property {Map<Key, Decision[]>} decisions
 */

/** @returns {Patch} */
export function emptyPatch() {
  return { labels: new Map(), instances: new Map(), answers: new Map(), classifications: null, decisions: new Map() };
}

/** The server's word with changes laid over it; the world beneath stays as it is. */
export class Overlay {
  /** @param {World} world */
  constructor(world) {
    this.world = world;
    /** @type {Map<Key, Instance | null>} null: gone */
    this.instances = new Map();
    /** @type {Map<number, Map<Key, Label | null>>} */
    this.labels = new Map();
    /** @type {Map<Key, Answer[]>} */
    this.answers = new Map();
    /** @type {Answer[] | null} */
    this.classifications = null;
    /** @type {Map<Key, Decision[]>} */
    this.decisions = new Map();
    /** @type {Patch} notes what the edit that is being applied replaces */
    this.patch = emptyPatch();
  }

  /** Show the server's word alone. */
  clear() {
    for (const over of [this.instances, this.labels, this.answers, this.decisions]) over.clear();
    this.classifications = null;
    this.patch = emptyPatch();
  }

  /** Begin to note what is replaced from here on. @returns {Patch} */
  note() {
    this.patch = emptyPatch();
    return this.patch;
  }

  /** @param {Key} key @returns {Instance | null} */
  instance(key) {
    const over = this.instances.get(key);
    return over === undefined ? (this.world.instances.get(key) ?? null) : over;
  }

  /** @param {Key} key @param {Instance | null} instance */
  setInstance(key, instance) {
    if (!this.patch.instances.has(key)) this.patch.instances.set(key, this.instance(key));
    this.instances.set(key, instance);
  }

  /** @param {Key} key @param {number} frame @returns {Label | null} */
  label(key, frame) {
    const over = this.labels.get(frame)?.get(key);
    return over === undefined ? (this.world.label(key, frame) ?? null) : over;
  }

  /** @param {Key} key @param {number} frame @param {Label | null} label */
  setLabel(key, frame, label) {
    const name = `${frame} ${key}`;
    const noted = this.patch.labels.get(name);
    if (noted) noted.after = label;
    else this.patch.labels.set(name, { key, frame, before: this.label(key, frame), after: label });
    const there = this.labels.get(frame);
    if (there) there.set(key, label);
    else this.labels.set(frame, new Map([[key, label]]));
  }

  /**
   * The labels of an instance on the frames that are known, in order.
   * @param {Key} key @param {number} [first] @param {number} [last] inclusive
   * @returns {Label[]}
   */
  labelsOf(key, first = 0, last = Infinity) {
    const frames = new Set([...this.world.labels.keys(), ...this.labels.keys()]);
    const found = [];
    for (const frame of frames) {
      if (frame < first || frame > last) continue;
      const label = this.label(key, frame);
      if (label) found.push(label);
    }
    return found.sort((a, b) => a.frame - b.frame);
  }

  /** @param {Key} key @returns {Answer[]} */
  answersOf(key) {
    return this.answers.get(key) ?? this.world.answers.get(key) ?? [];
  }

  /** @param {Key} key @param {Answer[]} rows */
  setAnswers(key, rows) {
    if (!this.patch.answers.has(key)) this.patch.answers.set(key, this.answersOf(key));
    this.answers.set(key, rows);
  }

  allClassifications() {
    return this.classifications ?? this.world.classifications;
  }

  /** @param {Answer[]} rows */
  setClassifications(rows) {
    this.patch.classifications ??= this.allClassifications();
    this.classifications = rows;
  }

  /** @param {Key} key @returns {Decision[]} */
  decisionsOf(key) {
    return this.decisions.get(key) ?? this.world.decisions.get(key) ?? [];
  }

  /** @param {Key} key @param {Decision[]} rows */
  setDecisions(key, rows) {
    if (!this.patch.decisions.has(key)) this.patch.decisions.set(key, this.decisionsOf(key));
    this.decisions.set(key, rows);
  }
}
