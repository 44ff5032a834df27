// @ts-check
// Pictures of frames by ordinal: decoded ahead in the direction of stepping, kept to a cap in bytes.

import { API, refusal } from "../shared/api.js";

/** @typedef {import("./types.js").Facts} Facts */

const AHEAD = 8;
const BEHIND = 2;
const BYTES_MAX = 256 * 1024 * 1024;
const WIDTHS = [480, 720, 960, 1280, 1600, 1920, 2560];
const PREFETCHES_AT_ONCE = 2;

export class Frames {
  /** @param {Facts} facts */
  constructor(facts) {
    this.facts = facts;
    /** @type {number | null} width to ask for, null for the media's own */
    this.width = null;
    /** @type {Map<number, ImageBitmap>} the one used last is last */
    this.kept = new Map();
    this.bytes = 0;
    /** @type {Map<number, {promise: Promise<ImageBitmap>, abort: AbortController}>} */
    this.loading = new Map();
    /** @type {number[]} */
    this.wishes = [];
    this.direction = 1;
    this.last = facts.first;
  }

  /**
   * Ask for pictures that are at least so many device pixels wide; returns whether that changed anything.
   * @param {number} pixels
   */
  fit(pixels) {
    const step = WIDTHS.find((width) => width >= pixels) ?? Infinity;
    const width = step < this.facts.width ? step : null;
    if (width === this.width) return false;
    this.width = width;
    for (const { abort } of this.loading.values()) abort.abort();
    for (const bitmap of this.kept.values()) bitmap.close();
    this.loading.clear();
    this.kept.clear();
    this.bytes = 0;
    return true;
  }

  /**
   * Return the picture of `frame`, and fetch its neighbours after it. Rejects with an AbortError when
   * another frame was wanted meanwhile.
   * @param {number} frame
   * @returns {Promise<ImageBitmap>}
   */
  async show(frame) {
    this.direction = frame < this.last ? -1 : 1;
    this.last = frame;
    this.wishes = this.neighbours(frame);
    const near = new Set([frame, ...this.wishes]);
    for (const [number, { abort }] of this.loading) {
      if (near.has(number)) continue;
      abort.abort();
      this.loading.delete(number);
    }
    const bitmap = await this.load(frame);
    this.prefetch();
    return bitmap;
  }

  /**
   * @param {number} frame
   * @returns {number[]} the frames to fetch next, nearest first
   */
  neighbours(frame) {
    const ahead = Array.from({ length: AHEAD }, (_, index) => frame + (index + 1) * this.direction);
    const behind = Array.from({ length: BEHIND }, (_, index) => frame - (index + 1) * this.direction);
    return [...ahead, ...behind].filter((one) => one >= this.facts.first && one <= this.facts.last);
  }

  prefetch() {
    while (this.loading.size < PREFETCHES_AT_ONCE) {
      const next = this.wishes.find((frame) => !this.kept.has(frame) && !this.loading.has(frame));
      if (next === undefined) return;
      this.wishes = this.wishes.filter((frame) => frame !== next);
      // A neighbour that fails says so when it is wanted itself.
      this.load(next).then(() => this.prefetch(), () => {});
    }
  }

  /**
   * @param {number} frame
   * @returns {Promise<ImageBitmap>}
   */
  load(frame) {
    const kept = this.kept.get(frame);
    if (kept) {
      this.kept.delete(frame);
      this.kept.set(frame, kept);
      return Promise.resolve(kept);
    }
    const known = this.loading.get(frame);
    if (known) return known.promise;
    const abort = new AbortController();
    const promise = this.fetch(frame, abort.signal).finally(() => {
      if (this.loading.get(frame)?.abort === abort) this.loading.delete(frame);
    });
    this.loading.set(frame, { promise, abort });
    return promise;
  }

  /**
   * @param {number} frame
   * @param {AbortSignal} signal
   * @returns {Promise<ImageBitmap>}
   */
  async fetch(frame, signal) {
    const size = this.width === null ? "" : `?w=${this.width}`;
    const answer = await fetch(`${API}media/${this.facts.media}/frames/${frame}/${size}`, { signal });
    if (!answer.ok) throw await refusal(answer);
    const bitmap = await createImageBitmap(await answer.blob());
    signal.throwIfAborted();
    this.keep(frame, bitmap);
    return bitmap;
  }

  /**
   * @param {number} frame
   * @param {ImageBitmap} bitmap
   */
  keep(frame, bitmap) {
    this.kept.set(frame, bitmap);
    this.bytes += bitmap.width * bitmap.height * 4;
    for (const [oldest, old] of this.kept) {
      if (this.bytes <= BYTES_MAX || oldest === frame) break;
      this.kept.delete(oldest);
      this.bytes -= old.width * old.height * 4;
      old.close();
    }
  }
}
