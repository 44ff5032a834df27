// @ts-check
// The labels that the page knows, read by windows of frames and kept current by the change feed.

import { ask } from "../shared/api.js";

/** @typedef {import("./types.js").Label} Label */
/** @typedef {import("./bench.js").Bench} Bench */

const WINDOW = 64;

export class Labels {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Map<number, Map<number, Label>>} frame to instance to label */
    this.frames = new Map();
    /** @type {Map<number, Promise<void>>} number of the window to its reading */
    this.windows = new Map();
    this.seq = bench.facts.seq;
  }

  /**
   * @param {number} frame
   * @returns {Label[]}
   */
  on(frame) {
    return [...(this.frames.get(frame)?.values() ?? [])];
  }

  /**
   * @param {number} instance
   * @param {number} frame
   * @returns {Label | undefined}
   */
  get(instance, frame) {
    return this.frames.get(frame)?.get(instance);
  }

  /** @param {Label} label */
  put(label) {
    const known = this.frames.get(label.frame) ?? new Map();
    known.set(label.instance, label);
    this.frames.set(label.frame, known);
    this.bench.tell("labels");
  }

  /**
   * @param {number} instance
   * @param {number} frame
   */
  drop(instance, frame) {
    this.frames.get(frame)?.delete(instance);
    this.bench.tell("labels");
  }

  /**
   * Have the labels of the window of `frame` read, and those of its neighbours soon.
   * @param {number} frame
   * @returns {Promise<void>}
   */
  async need(frame) {
    await this.window(Math.floor(frame / WINDOW));
    for (const near of [frame + WINDOW / 2, frame - WINDOW / 2]) {
      if (near >= this.bench.facts.first && near <= this.bench.facts.last) {
        this.window(Math.floor(near / WINDOW)).catch(() => {});
      }
    }
  }

  /**
   * @param {number} number
   * @returns {Promise<void>}
   */
  window(number) {
    const known = this.windows.get(number);
    if (known) return known;
    const reading = this.read(number * WINDOW, number * WINDOW + WINDOW - 1);
    this.windows.set(number, reading);
    // A reading that failed is tried anew when the frame is needed again.
    reading.catch(() => this.windows.delete(number));
    return reading;
  }

  /**
   * Read frames `first` to `last` from the server and replace what is known of them.
   * @param {number} first
   * @param {number} last
   */
  async read(first, last) {
    const { facts } = this.bench;
    const [from, to] = [Math.max(first, facts.first), Math.min(last, facts.last)];
    if (from > to) return;
    const answer = await ask("GET", `tasks/${facts.task}/labels/?first=${from}&last=${to}`);
    this.replace(from, to, answer.labels, answer.seq);
  }

  /**
   * What the server said of frames `from` to `to` when the task was at `seq` replaces what is known,
   * except drafts, and what was saved here while the answer was on its way.
   * @param {number} from
   * @param {number} to
   * @param {Label[]} labels
   * @param {number} seq
   */
  replace(from, to, labels, seq) {
    for (let frame = from; frame <= to; frame += 1) {
      const newer = this.on(frame).filter((label) => label.draft || label.seq > seq);
      this.frames.set(frame, new Map(newer.map((label) => [label.instance, label])));
    }
    for (const label of labels) {
      const known = this.get(label.instance, label.frame);
      if (known?.draft) continue;
      if (!known || known.seq <= label.seq) this.frames.get(label.frame)?.set(label.instance, label);
    }
    this.bench.tell("labels");
  }

  /**
   * Read anew what changed in frames that the page has read before.
   * @param {number} first
   * @param {number} last
   */
  async refresh(first, last) {
    const numbers = [...this.windows.keys()].sort((a, b) => a - b);
    for (const number of numbers) {
      const from = Math.max(first, number * WINDOW);
      const to = Math.min(last, number * WINDOW + WINDOW - 1);
      if (from <= to) await this.read(from, to);
    }
  }

  /** Forget all labels of an instance that is no more. @param {number} instance */
  forget(instance) {
    for (const labels of this.frames.values()) labels.delete(instance);
    this.bench.tell("labels");
  }
}
