// @ts-check
// Labels are read by windows of frames, when they are needed and when they changed.

import { ask } from "../../shared/api.js";
import { WINDOW } from "./store.js";
import { labelsOf } from "./wire.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sync.js").Sync} Sync */

/** Windows so near to the shown frame are read anew at once; others when they are needed again. */
const NEAR = 2;

export class Windows {
  /**
   * @param {Bench} bench
   * @param {Sync} sync
   */
  constructor(bench, sync) {
    this.bench = bench;
    this.sync = sync;
    /** @type {Map<number, Promise<void>>} windows that are being read */
    this.reading = new Map();
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
    const { store } = this.bench;
    if (store.windows.has(number)) {
      store.keepWindow(number);
      return Promise.resolve();
    }
    const known = this.reading.get(number);
    if (known) return known;
    const reading = this.read(number * WINDOW, number * WINDOW + WINDOW - 1, number).finally(() => this.reading.delete(number));
    this.reading.set(number, reading);
    return reading;
  }

  /**
   * Read the labels of frames `first` to `last`, inclusive, which lie in one window.
   * @param {number} first @param {number} last
   * @param {number} [whole] number of the window when it is read whole
   */
  async read(first, last, whole) {
    const { facts, store } = this.bench;
    const [from, to] = [Math.max(first, facts.first), Math.min(last, facts.last)];
    if (from > to) return;
    const answer = await this.sync.settled(() => ask("GET", `${this.sync.path}labels/?first=${from}&last=${to}`));
    await this.sync.instancesKnown();
    if (labelsOf(answer.labels, (id) => store.keyOf(id)).unknown) await this.sync.instances();
    // Here, so that nobody sees the labels of a window that does not count as read.
    if (whole !== undefined) store.keepWindow(whole);
    if (store.windows.has(Math.floor(from / WINDOW))) store.replace(from, to, labelsOf(answer.labels, (id) => store.keyOf(id)).labels);
  }

  /** Labels changed in these frames: what was read of them is read anew. @param {number} first @param {number} last */
  async refresh(first, last) {
    const { store, frame } = this.bench;
    const here = Math.floor(frame / WINDOW);
    const touched = [...store.windows].filter((number) => first < (number + 1) * WINDOW && last >= number * WINDOW);
    const near = touched.filter((number) => Math.abs(number - here) <= NEAR);
    for (const number of touched) if (!near.includes(number)) store.forgetWindow(number);
    near.sort((a, b) => Math.abs(a - here) - Math.abs(b - here));
    for (const number of near) {
      await this.read(Math.max(first, number * WINDOW), Math.min(last, number * WINDOW + WINDOW - 1));
    }
  }
}
