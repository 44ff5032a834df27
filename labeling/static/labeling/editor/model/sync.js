// @ts-check
// Reads the task from the server, and follows what others and jobs change in it.

import { ask, askAll } from "../../shared/api.js";
import { watch } from "../../shared/events.js";
import { Feed } from "./feed.js";
import { Windows } from "./windows.js";
import { answersOf, decisionsOf, instanceOf } from "./wire.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../../shared/events.js").ServerEvent} ServerEvent */

export class Sync {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.path = `tasks/${bench.facts.task}/`;
    this.feed = new Feed(bench, this);
    this.windows = new Windows(bench, this);
    /** @type {Set<(event: ServerEvent) => void>} */
    this.listeners = new Set();
    /** @type {Promise<void> | null} the last reading of the objects, which labels wait for */
    this.known = null;
  }

  /** Read objects, answers and decisions, and follow the task from here on. */
  async start() {
    watch(this.bench.facts.project, (event) => this.heard(event));
    this.feed.start();
    this.bench.on(["frame"], () => this.need(this.bench.frame).catch(() => {}));
    await Promise.all([this.instancesKnown(), this.answers(), this.decisions(), this.need(this.bench.frame)]);
  }

  /** Hear the events of the project; the page has one stream. @param {(event: ServerEvent) => void} listener */
  onEvent(listener) {
    this.listeners.add(listener);
  }

  /** @param {ServerEvent} event */
  heard(event) {
    if (event.task === this.bench.facts.task) void this.feed.pull();
    for (const listener of this.listeners) listener(event);
  }

  /** Take in now what changed. */
  pull() {
    return this.feed.pull();
  }

  /** Have the labels around a frame read. @param {number} frame */
  need(frame) {
    return this.windows.need(frame);
  }

  /** Read anew what was read of frames `first` to `last`, inclusive. @param {number} first @param {number} last */
  refresh(first, last) {
    return this.windows.refresh(first, last);
  }

  /** Read everything anew that was read before. */
  async refreshAll() {
    await this.instances();
    await Promise.all([this.answers(), this.decisions(), this.refresh(this.bench.facts.first, this.bench.facts.last)]);
  }

  /**
   * Read something as it is after the last edit of ours that was confirmed: an answer that was on its way
   * meanwhile would take that edit back on the screen.
   * @template Answer
   * @param {() => Promise<Answer>} read
   * @returns {Promise<Answer>}
   */
  async settled(read) {
    for (;;) {
      const before = this.bench.store.confirmations;
      const answer = await read();
      if (this.bench.store.confirmations === before) return answer;
    }
  }

  /** Resolves when the objects were read, as they are now or soon. @returns {Promise<void>} */
  instancesKnown() {
    return this.known ?? this.instances();
  }

  /** Read the list of objects; labels that are read meanwhile wait for it. @returns {Promise<void>} */
  instances() {
    const reading = this.readInstances();
    this.known = reading;
    // One that failed is tried anew when it is needed again.
    reading.catch(() => {
      if (this.known === reading) this.known = null;
    });
    return reading;
  }

  async readInstances() {
    const { store, selection } = this.bench;
    const answer = await this.settled(() => ask("GET", `${this.path}instances/`));
    store.setInstances(answer.results.map(instanceOf));
    const gone = [...selection].filter((key) => !store.instances.has(key));
    if (gone.length) this.bench.select([...this.bench.selection].filter((key) => !gone.includes(key)));
  }

  /** Read all answers about objects and frames. */
  async answers() {
    const { store } = this.bench;
    const [answers, classifications] = await this.settled(() =>
      Promise.all([ask("GET", `${this.path}answers/`), ask("GET", `${this.path}classifications/`)]),
    );
    await this.instancesKnown();
    store.setAnswers(answersOf(answers.results, (id) => store.keyOf(id)), classifications.results);
  }

  /** Read all decisions of reviewers. */
  async decisions() {
    const { store } = this.bench;
    const rows = await this.settled(() => askAll(`${this.path}reviews/`));
    await this.instancesKnown();
    store.setDecisions(decisionsOf(rows, (id) => store.keyOf(id)));
  }
}
