// @ts-check
// Reads the task from the server, and follows what others and jobs change in it.

import { ask, askAll } from "../../shared/api.js";
import { watch } from "../../shared/events.js";
import { Feed } from "./feed.js";
import { WINDOW } from "./store.js";
import { answersOf, decisionsOf, instanceOf, labelsOf } from "./wire.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../../shared/events.js").ServerEvent} ServerEvent */

export class Sync {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.path = `tasks/${bench.facts.task}/`;
    this.feed = new Feed(bench, this);
    /** @type {Set<(event: ServerEvent) => void>} */
    this.listeners = new Set();
    /** @type {Map<number, Promise<void>>} windows that are being read */
    this.reading = new Map();
    /** @type {Promise<void> | null} the first reading of the objects, which labels wait for */
    this.instancesRead = null;
  }

  /** Read objects, answers and decisions, and follow the task from here on. */
  async start() {
    watch(this.bench.facts.project, (event) => this.heard(event));
    this.feed.start();
    await this.instances();
    await Promise.all([this.answers(), this.decisions(), this.need(this.bench.frame)]);
  }

  /** Hear the events of the project; the page has one stream. @param {(event: ServerEvent) => void} listener */
  onEvent(listener) {
    this.listeners.add(listener);
  }

  /** @param {ServerEvent} event */
  heard(event) {
    if (event.task === this.bench.facts.task) this.feed.pull();
    for (const listener of this.listeners) listener(event);
  }

  /** Take in now what changed. */
  pull() {
    return this.feed.pull();
  }

  /** Read the list of objects. */
  instances() {
    const reading = ask("GET", `${this.path}instances/`).then((answer) => {
      this.bench.store.setInstances(answer.results.map(instanceOf));
      const gone = [...this.bench.selection].filter((key) => !this.bench.store.instances.has(key));
      if (gone.length) this.bench.select([...this.bench.selection].filter((key) => !gone.includes(key)));
    });
    this.instancesRead = reading;
    // One that failed is tried anew when it is needed again.
    reading.catch(() => (this.instancesRead = null));
    return reading;
  }

  /** Read all answers about objects and frames. */
  async answers() {
    const [answers, classifications] = await Promise.all([
      ask("GET", `${this.path}answers/`), ask("GET", `${this.path}classifications/`),
    ]);
    const { store } = this.bench;
    store.setAnswers(answersOf(answers.results, (id) => store.keyOf(id)), classifications.results);
  }

  /** Read all decisions of reviewers. */
  async decisions() {
    const rows = await askAll(`${this.path}reviews/`);
    this.bench.store.setDecisions(decisionsOf(rows, (id) => this.bench.store.keyOf(id)));
  }

  /**
   * Have the labels around `frame` read, and those of its neighbours soon.
   * @param {number} frame
   * @returns {Promise<void>}
   */
  async need(frame) {
    const { first, last } = this.bench.facts;
    await this.window(Math.floor(frame / WINDOW));
    for (const near of [frame + WINDOW / 2, frame - WINDOW / 2]) {
      // A neighbour that fails is read when it is needed itself.
      if (near >= first && near <= last) this.window(Math.floor(near / WINDOW)).catch(() => {});
    }
  }

  /** @param {number} number @returns {Promise<void>} */
  window(number) {
    if (this.bench.store.windows.has(number)) {
      this.bench.store.keepWindow(number);
      return Promise.resolve();
    }
    const known = this.reading.get(number);
    if (known) return known;
    const reading = this.read(number * WINDOW, number * WINDOW + WINDOW - 1)
      .then(() => this.bench.store.keepWindow(number))
      .finally(() => this.reading.delete(number));
    this.reading.set(number, reading);
    return reading;
  }

  /** Read the labels of frames `first` to `last`, inclusive. @param {number} first @param {number} last */
  async read(first, last) {
    const { facts, store } = this.bench;
    const [from, to] = [Math.max(first, facts.first), Math.min(last, facts.last)];
    if (from > to) return;
    const [answer] = await Promise.all([
      ask("GET", `${this.path}labels/?first=${from}&last=${to}`), this.instancesRead ?? this.instances(),
    ]);
    let { labels, unknown } = labelsOf(answer.labels, (id) => store.keyOf(id));
    if (unknown) {
      await this.instances();
      ({ labels } = labelsOf(answer.labels, (id) => store.keyOf(id)));
    }
    store.replace(from, to, labels, answer.seq);
  }

  /** Read anew what changed in frames that were read before. @param {number} first @param {number} last */
  async refresh(first, last) {
    for (const number of [...this.bench.store.windows].sort((a, b) => a - b)) {
      const from = Math.max(first, number * WINDOW);
      const to = Math.min(last, number * WINDOW + WINDOW - 1);
      if (from <= to) await this.read(from, to);
    }
  }

  /** Read everything anew that was read before. */
  async refreshAll() {
    await this.instances();
    await Promise.all([this.answers(), this.decisions(), this.refresh(this.bench.facts.first, this.bench.facts.last)]);
  }
}
