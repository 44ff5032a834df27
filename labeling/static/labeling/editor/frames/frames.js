// @ts-check
// Pictures of frames by ordinal: fetched ahead in the direction of travel, as wide as the stage shows them.

import { API, ApiError, refusal } from "../../shared/api.js";
import { Pictures } from "./pictures.js";
import { Playback } from "./playback.js";
import { neighbours, playingWidth, stillWidth } from "./widths.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {{promise: Promise<ImageBitmap>, abort: AbortController, frame: number, width: number | null}} Loading */
/** @typedef {{center: number, width: number}} Levels grey levels of a DICOM series that are shown from black to white */

const AHEAD = 8;
const BEHIND = 2;
const BYTES_MAX = 256 * 1024 * 1024;
const PREFETCHES_AT_ONCE = 3;

export class Frames {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Pictures} */
    this.pictures = new Pictures(BYTES_MAX);
    /** @type {Map<string, Loading>} */
    this.loading = new Map();
    /** @type {Set<number>} frames that cannot be decoded: not fetched ahead again */
    this.unreadable = new Set();
    /** @type {Levels | null} null: as the media says */
    this.levels = null;
    this.direction = 1;
    this.near = bench.frame;
    this.playback = new Playback(bench, this);
  }

  /**
   * The address of a frame's picture.
   * @param {number} frame
   * @param {number | null} [width] null for the frame's own
   */
  url(frame, width = null) {
    const query = new URLSearchParams();
    if (width !== null) query.set("w", String(width));
    if (this.levels) {
      query.set("wc", String(this.levels.center));
      query.set("ww", String(this.levels.width));
    }
    const text = query.toString();
    return `${API}media/${this.bench.facts.media}/frames/${frame}/${text && `?${text}`}`;
  }

  /** Device pixels that the frame takes from side to side at this zoom. @param {number} frame */
  needed(frame) {
    const { viewport } = this.bench;
    const [width, height] = this.bench.sizeOf(frame);
    // A frame of another size is fitted in when it is shown.
    const fits = viewport.fitted || width !== viewport.frameWidth || height !== viewport.frameHeight;
    const scale = fits ? Math.min(viewport.width / width, viewport.height / height) : viewport.scale;
    return scale * width * window.devicePixelRatio;
  }

  /** The width to ask for at this zoom, null for the frame's own. @param {number} frame */
  widthOf(frame) {
    return stillWidth(this.needed(frame), this.bench.sizeOf(frame)[0]);
  }

  /** The width to ask for while playing. @param {number} frame */
  playingWidthOf(frame) {
    return playingWidth(this.needed(frame), this.bench.sizeOf(frame)[0]);
  }

  /**
   * Return the picture of a frame as wide as the stage shows it; its neighbours are fetched after it. Rejects with an
   * `ApiError`, or with an `AbortError` when another frame was wanted meanwhile.
   * @param {number} frame
   * @returns {Promise<{bitmap: ImageBitmap, frame: number}>}
   */
  async show(frame) {
    if (frame !== this.near) this.direction = frame < this.near ? -1 : 1;
    this.near = frame;
    this.forget(new Set([frame, ...this.wishes()]));
    try {
      return { bitmap: await this.load(frame, this.widthOf(frame)), frame };
    } finally {
      if (this.near === frame) this.prefetch();
    }
  }

  /** @returns {number[]} frames to fetch ahead: as many as can be kept */
  wishes() {
    const { first, last } = this.bench.facts;
    const [width, height] = this.bench.sizeOf(this.near);
    const asked = this.widthOf(this.near) ?? width;
    const room = Math.floor(BYTES_MAX / (asked * ((asked * height) / width) * 4)) - 2;
    const options = { direction: this.direction, first, last, ahead: AHEAD, behind: BEHIND };
    return neighbours(this.near, options).slice(0, Math.max(1, room));
  }

  /** Abort the fetches of all other frames. @param {Set<number>} wanted */
  forget(wanted) {
    for (const [key, { abort, frame }] of this.loading) {
      if (wanted.has(frame)) continue;
      this.loading.delete(key);
      abort.abort();
    }
  }

  prefetch() {
    if (this.bench.playing) return;
    for (const frame of this.wishes()) {
      if (this.loading.size >= PREFETCHES_AT_ONCE) return;
      const width = this.widthOf(frame);
      if (this.unreadable.has(frame) || this.isHere(frame, width)) continue;
      // A neighbour that fails says so when it is wanted itself.
      this.load(frame, width).then(() => this.prefetch(), () => {});
    }
  }

  /** Whether a picture is kept, or on its way. @param {number} frame @param {number | null} width */
  isHere(frame, width) {
    return this.pictures.get(frame, width) !== null || this.loading.has(keyOf(frame, width));
  }

  /**
   * Return the picture of a frame, at least so wide.
   * @param {number} frame
   * @param {number | null} width
   * @returns {Promise<ImageBitmap>}
   */
  load(frame, width) {
    const kept = this.pictures.get(frame, width);
    if (kept) return Promise.resolve(kept);
    const key = keyOf(frame, width);
    const known = this.loading.get(key);
    if (known) return known.promise;
    const abort = new AbortController();
    const promise = this.fetch(frame, width, abort.signal)
      .catch((error) => {
        if (error instanceof ApiError && error.status > 0) this.unreadable.add(frame);
        throw error;
      })
      .finally(() => {
        if (this.loading.get(key)?.abort === abort) this.loading.delete(key);
      });
    this.loading.set(key, { promise, abort, frame, width });
    return promise;
  }

  /**
   * @param {number} frame
   * @param {number | null} width
   * @param {AbortSignal} signal
   * @returns {Promise<ImageBitmap>}
   */
  async fetch(frame, width, signal) {
    const blob = await read(this.url(frame, width), signal);
    const bitmap = await decode(blob, frame);
    if (signal.aborted) {
      bitmap.close();
      signal.throwIfAborted();
    }
    // Another width may have come first.
    const kept = this.pictures.get(frame, width);
    if (kept) {
      bitmap.close();
      return kept;
    }
    this.unreadable.delete(frame);
    this.pictures.put(frame, width, bitmap, this.near);
    return bitmap;
  }

  /** Show other grey levels: all pictures are fetched anew. @param {Levels | null} levels */
  setLevels(levels) {
    this.levels = levels;
    this.forget(new Set());
    this.pictures.clear();
  }
}

/** @param {number} frame @param {number | null} width */
function keyOf(frame, width) {
  return `${frame}/${width ?? ""}`;
}

/** @param {string} url @param {AbortSignal} signal @returns {Promise<Blob>} */
async function read(url, signal) {
  try {
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw await refusal(answer);
    return await answer.blob();
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    throw new ApiError(0, "offline", "The server does not answer.");
  }
}

/** @param {Blob} blob @param {number} frame @returns {Promise<ImageBitmap>} */
async function decode(blob, frame) {
  try {
    return await createImageBitmap(blob);
  } catch {
    throw new ApiError(422, "frame_unreadable", `This browser cannot show the picture of frame ${frame}.`);
  }
}
