// @ts-check
// Brush and eraser: round, binary, on the selected bitmask or a new one. Each stroke is one edit.

import { circle } from "./ink.js";

/** @typedef {import("../types.js").Tool} Tool */
/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Pointer} Pointer */
/** @typedef {import("./masks/session.js").MaskSession} MaskSession */

export const SIZE_LEAST = 1;
export const SIZE_MOST = 1000;

/** Milliseconds in which a size is still being looked for; then it is remembered. */
const SETTLED_MS = 600;

/** The size of the brush: its diameter in pixels of the frame, the same for brush and eraser; remembered. */
export class BrushSize extends EventTarget {
  /** @param {Bench["preferences"]} preferences */
  constructor(preferences) {
    super();
    this.preferences = preferences;
    this.value = Number(preferences.get("brush_size"));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {number} value */
  set(value) {
    const size = Math.min(Math.max(Math.round(value), SIZE_LEAST), SIZE_MOST);
    if (size === this.value || !Number.isFinite(size)) return;
    this.value = size;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preferences.set("brush_size", size), SETTLED_MS);
    this.dispatchEvent(new Event("change"));
  }

  /** A tenth more or less, a pixel at least. @param {1 | -1} way */
  step(way) {
    this.set(this.value + way * Math.max(1, Math.round(this.value * 0.1)));
  }
}

/** @implements {Tool} */
export class BrushTool {
  /**
   * @param {Bench} bench
   * @param {MaskSession} session
   * @param {BrushSize} size
   * @param {{name: string, title: string, value: 0 | 1, verb: string}} what
   */
  constructor(bench, session, size, { name, title, value, verb }) {
    this.bench = bench;
    this.session = session;
    this.size = size;
    this.name = name;
    this.title = title;
    this.value = value;
    this.verb = verb;
    /** @type {Pointer | null} */
    this.over = null;
    /** @type {Point | null} where the stroke is, while the button is held */
    this.at = null;
    /** @type {Point | null} where the last stroke ended: with Shift the next goes straight from there */
    this.ended = null;
    size.addEventListener("change", () => bench.canvas.invalidate());
    bench.on(["shown", "selection"], () => (this.ended = null));
  }

  stop() {
    this.escape();
    this.over = null;
  }

  get radius() {
    return this.size.value / 2;
  }

  /** @param {Pointer} pointer */
  down(pointer) {
    if (pointer.button !== 0 || !this.session.open({ make: this.value === 1 })) return;
    const to = placeOf(pointer);
    this.session.stroke((pointer.shift && this.ended) || to, to, this.radius, this.value);
    this.at = to;
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    this.over = pointer;
    this.bench.canvas.invalidate();
    if (!this.at) return;
    const to = placeOf(pointer);
    this.session.stroke(this.at, to, this.radius, this.value);
    this.at = to;
  }

  /** @param {Pointer} pointer */
  up(pointer) {
    if (!this.at) return;
    const to = placeOf(pointer);
    if (to[0] !== this.at[0] || to[1] !== this.at[1]) this.session.stroke(this.at, to, this.radius, this.value);
    this.at = null;
    void this.session.keep(this.verb).then(() => (this.ended = to));
  }

  escape() {
    this.at = null;
    return this.session.close();
  }

  /** @param {Pointer} pointer */
  cursor(pointer) {
    this.over = pointer;
    return this.radius * this.bench.viewport.scale > 4 ? "none" : "crosshair";
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../canvas/viewport.js").Viewport} viewport */
  paint(context, viewport) {
    if (!this.over) return;
    circle(context, [this.over.screenX, this.over.screenY], Math.max(1, this.radius * viewport.scale));
  }
}

/** Strokes may begin and end outside of the frame. @param {Pointer} pointer @returns {Point} */
function placeOf({ x, y }) {
  return [x, y];
}
