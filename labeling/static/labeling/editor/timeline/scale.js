// @ts-check
// Frames to CSS pixels of the timeline and back. Pure arithmetic.

const PER_FRAME_MAX = 48;
const TICK_PIXELS = 72;

export class TimeScale {
  /** @param {number} first @param {number} last frames of the task, inclusive */
  constructor(first, last) {
    this.first = first;
    this.last = last;
    this.width = 1;
    /** Frame at the left edge; it may lie between two. */
    this.start = first;
    /** CSS pixels a frame. */
    this.perFrame = 1;
    this.fitted = true;
  }

  get count() {
    return this.last - this.first + 1;
  }

  /** CSS pixels a frame with all frames in sight. */
  get least() {
    return this.width / this.count;
  }

  /** Frames that are in sight. */
  get span() {
    return this.width / this.perFrame;
  }

  /** @param {number} width */
  resize(width) {
    this.width = Math.max(1, width);
    if (this.fitted) this.fit();
    else this.set(this.start, this.perFrame);
  }

  fit() {
    this.set(this.first, this.least);
    this.fitted = true;
  }

  /** @param {number} start @param {number} perFrame */
  set(start, perFrame) {
    this.perFrame = Math.min(Math.max(perFrame, this.least), Math.max(PER_FRAME_MAX, this.least));
    this.start = Math.min(Math.max(start, this.first), Math.max(this.first, this.last + 1 - this.span));
    this.fitted = this.perFrame <= this.least;
  }

  /** Left edge of a frame. @param {number} frame */
  x(frame) {
    return (frame - this.start) * this.perFrame;
  }

  /** Middle of a frame. @param {number} frame */
  middle(frame) {
    return (frame + 0.5 - this.start) * this.perFrame;
  }

  /** The frame at a place, clipped to the task's. @param {number} x */
  frameAt(x) {
    return Math.min(Math.max(Math.floor(this.start + x / this.perFrame), this.first), this.last);
  }

  /** The frame under `x` stays there. @param {number} x @param {number} factor */
  zoomAt(x, factor) {
    const at = this.start + x / this.perFrame;
    const perFrame = Math.min(Math.max(this.perFrame * factor, this.least), Math.max(PER_FRAME_MAX, this.least));
    this.set(at - x / perFrame, perFrame);
  }

  /** @param {number} pixels to the right */
  panBy(pixels) {
    this.set(this.start + pixels / this.perFrame, this.perFrame);
  }

  /** Bring a frame into sight; returns whether anything moved. @param {number} frame */
  reveal(frame) {
    const before = this.start;
    if (frame < this.start || frame + 1 > this.start + this.span) {
      // A page on, with some of what was seen before.
      this.set(frame - this.span * (frame < this.start ? 0.85 : 0.15), this.perFrame);
    }
    return this.start !== before;
  }

  /** Frames that get a number on the ruler. @returns {number[]} */
  ticks() {
    const least = TICK_PIXELS / this.perFrame;
    const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
    const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= least) ?? power * 10;
    /** @type {number[]} */
    const ticks = [];
    const end = Math.min(this.last, this.start + this.span);
    for (let frame = Math.ceil(this.start / step) * step; frame <= end; frame += step) ticks.push(frame);
    return ticks;
  }
}
