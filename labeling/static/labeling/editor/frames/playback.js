// @ts-check
// Playing: small pictures at the media's rate. Late ones are skipped, and the number shown is that of the picture drawn.

import { Clock } from "./clock.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./frames.js").Frames} Frames */

export const SPEEDS = [0.25, 0.5, 1, 2, 4];
const STILLS_A_SECOND = 10;
const AT_ONCE = 4;
const AHEAD = 32;
/** How much the newest fetch counts in the time that fetches take. */
const NEWEST = 0.2;

export class Playback {
  /** @param {Bench} bench @param {Frames} frames */
  constructor(bench, frames) {
    this.bench = bench;
    this.frames = frames;
    this.speed = 1;
    /** @type {Clock | null} while playing */
    this.clock = null;
    this.drawn = -1;
    this.tick = 0;
    /** Milliseconds that fetching a picture takes. */
    this.fetchMs = 0;
    /** @type {Set<number>} frames without a picture: skipped */
    this.failed = new Set();
  }

  /** Pictures a second. */
  get rate() {
    return (this.bench.facts.fps || STILLS_A_SECOND) * this.speed;
  }

  toggle() {
    if (this.clock) this.stop();
    else this.start();
  }

  /** Play the chosen range round and round, or all to the end; from the start again where the end is shown. */
  start() {
    const { bench } = this;
    const { first, last } = bench.facts;
    if (this.clock || first === last) return;
    const [from, to] = bench.range ?? [first, last];
    const outside = bench.frame < from || bench.frame > to || (bench.frame === to && !bench.range);
    const way = { first: from, last: to, loop: bench.range !== null, start: outside ? from : bench.frame };
    this.clock = new Clock(way, this.rate);
    this.drawn = way.start - from - 1;
    this.failed.clear();
    bench.playing = true;
    bench.tell("playing");
    this.step();
  }

  /** Stay on the picture that is drawn; the whole still follows. */
  stop() {
    if (!this.clock) return;
    this.clock = null;
    cancelAnimationFrame(this.tick);
    this.bench.playing = false;
    this.bench.tell("playing");
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.speed = speed;
    if (this.clock) {
      this.clock.rate = this.rate;
      if (this.clock.since !== null) this.clock.set(this.drawn, performance.now());
    }
    this.bench.tell("playing");
  }

  /** Draw what is due and here, fetch what comes, and again. */
  step() {
    const { clock } = this;
    if (!clock) return;
    const now = performance.now();
    this.drawNewest(clock, now);
    if (this.isOver(clock, now)) return this.stop();
    clock.wait(this.drawn, now);
    this.fetch(clock, now);
    this.tick = requestAnimationFrame(() => this.step());
  }

  /** @param {Clock} clock @param {number} now */
  drawNewest(clock, now) {
    for (let index = clock.due(now); index > this.drawn; index -= 1) {
      const frame = clock.frameAt(index);
      const picture = this.frames.pictures.get(frame, this.frames.playingWidthOf(frame));
      if (!picture) continue;
      this.drawn = index;
      // The clock starts with the first picture, however long that took.
      if (clock.since === null) clock.set(index, now);
      this.draw(picture, frame);
      return;
    }
  }

  /** @param {ImageBitmap} picture @param {number} frame */
  draw(picture, frame) {
    const { bench, frames } = this;
    bench.canvas.show(picture, frame);
    frames.pictures.hold(picture);
    frames.near = frame;
    bench.frame = bench.shown = frame;
    bench.tell("shown");
  }

  /** @param {Clock} clock @param {number} now */
  isOver(clock, now) {
    if (clock.ended(this.drawn)) return true;
    const due = clock.due(now);
    return clock.ended(due) && this.failed.has(clock.frameAt(due));
  }

  /** @param {Clock} clock @param {number} now */
  fetch(clock, now) {
    const stride = Math.max(1, Math.ceil((this.rate * this.fetchMs) / 1000 / AT_ONCE));
    const from = Math.max(clock.due(now), this.drawn + 1);
    const places = clock.ahead(from, AHEAD, stride).map((index) => clock.frameAt(index));
    this.frames.forget(new Set(places));
    this.needLabels(places);
    for (const frame of places) {
      if (this.frames.loading.size >= AT_ONCE) return;
      const width = this.frames.playingWidthOf(frame);
      if (!this.failed.has(frame) && !this.frames.isHere(frame, width)) this.load(frame, width);
    }
  }

  /** @param {number} frame @param {number | null} width */
  async load(frame, width) {
    const begun = performance.now();
    try {
      await this.frames.load(frame, width);
      this.fetchMs += NEWEST * (performance.now() - begun - this.fetchMs);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) this.failed.add(frame);
    }
  }

  /** @param {number[]} frames that come next */
  needLabels(frames) {
    const { sync } = this.bench;
    for (const frame of [frames[0], frames.at(-1)]) {
      // The change feed says when the server is away; playing goes on without labels.
      if (frame !== undefined) sync.need(frame).catch(() => {});
    }
  }
}
