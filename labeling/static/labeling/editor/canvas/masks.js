// @ts-check
// All bitmasks of a frame as one picture, in pixels of the frame: binary always, the topmost wins a pixel.
// It is made from the runs, and remade only when a mask or a colour changes; CSS moves, zooms and fades it.

import { joined } from "./bounds.js";
import { rgb } from "./colors.js";
import { runEnds } from "./runs.js";
import { Work } from "./work.js";

/** @typedef {import("./viewport.js").View} View */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("../types.js").BitmaskShape} BitmaskShape */
/** @typedef {{shape: BitmaskShape, color: string, dimmed: boolean}} Tinted */

/** Rows that are turned at a time. */
const STRIP = 64;
/** Beyond so many pixels every second one is left out, and so on: 64 MB a picture. */
const PIXELS_MAX = 16_000_000;
const DIMMED = 0.25;

export class Masks {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.canvas = document.createElement("canvas");
    this.canvas.id = "layer-masks";
    this.canvas.setAttribute("aria-hidden", "true");
    this.canvas.width = this.canvas.height = 1;
    this.canvas.hidden = true;
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.work = new Work();
    /** @type {Tinted[]} */
    this.masks = [];
    /** @type {Rect} that the picture covers, in pixels of the frame */
    this.rect = { left: 0, top: 0, width: 1, height: 1 };
    /** Pixels of the frame a pixel of the picture. */
    this.step = 1;
    place.append(this.canvas);
  }

  /**
   * @param {Tinted[]} masks in painting order
   * @param {boolean} fresh of another frame: what was there must not stay
   */
  set(masks, fresh) {
    if (masks.length === this.masks.length && masks.every((one, index) => same(one, this.masks[index]))) return;
    this.masks = masks;
    if (fresh || !masks.length) this.canvas.hidden = true;
    if (masks.length) this.work.begin(this.merge(masks));
    else this.work.drop();
  }

  /** @param {Tinted[]} masks @returns {import("./work.js").Steps} */
  *merge(masks) {
    const rect = masks.map(({ shape }) => /** @type {Rect} */ (shape)).reduce(joined);
    let step = 1;
    while ((rect.width * rect.height) / step ** 2 > PIXELS_MAX) step *= 2;
    const [width, height] = [Math.ceil(rect.width / step), Math.ceil(rect.height / step)];
    const columns = new Uint32Array(width * height);
    for (const one of masks) {
      runEnds(one.shape);
      yield 0;
      fill(columns, height, rect, step, one);
      yield 0;
    }
    yield* this.turn(columns, width, height, rect, step);
  }

  /**
   * Turn columns into rows, strip by strip, and show them all at once: no half of a change is ever seen.
   * @param {Uint32Array} columns
   * @param {number} width
   * @param {number} height
   * @param {Rect} rect
   * @param {number} step
   * @returns {import("./work.js").Steps}
   */
  *turn(columns, width, height, rect, step) {
    const { canvas, context } = this;
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let top = 0; top < height; top += STRIP) {
      const bottom = Math.min(top + STRIP, height);
      for (let x = 0; x < width; x += 1) {
        for (let y = top, from = x * height; y < bottom; y += 1) pixels[y * width + x] = columns[from + y] ?? 0;
      }
      yield 0;
    }
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.rect = rect;
    this.step = step;
    canvas.hidden = false;
    context.putImageData(image, 0, 0);
  }

  /** @param {View} view @param {number} dots */
  place({ scale, left, top }, dots) {
    const { canvas, rect, step } = this;
    const [x, y] = [left + rect.left * scale, top + rect.top * scale];
    canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale * step})`;
    const rendering = scale * step * dots > 1 ? "pixelated" : "auto";
    if (canvas.style.imageRendering !== rendering) canvas.style.imageRendering = rendering;
  }

  /** @param {number} opacity */
  fade(opacity) {
    this.canvas.style.opacity = String(opacity);
  }
}

/** @param {Tinted} one @param {Tinted | undefined} other */
function same(one, other) {
  return one.shape === other?.shape && one.color === other.color && one.dimmed === other.dimmed;
}

/**
 * Put one mask over the others.
 * @param {Uint32Array} columns
 * @param {number} high of the columns
 * @param {Rect} rect
 * @param {number} step
 * @param {Tinted} mask
 */
function fill(columns, high, rect, step, { shape, color, dimmed }) {
  const ends = runEnds(shape);
  const word = colorWord(color, dimmed ? DIMMED : 1);
  const [right, down, height] = [shape.left - rect.left, shape.top - rect.top, shape.height];
  for (let run = 1; run < ends.length; run += 2) {
    let start = ends[run - 1] ?? 0;
    const end = ends[run] ?? 0;
    while (start < end) {
      const column = Math.floor(start / height);
      const stop = Math.min(end, (column + 1) * height);
      const x = column + right;
      if (x % step === 0) {
        const [from, to] = [start - column * height + down, stop - column * height + down];
        const base = (x / step) * high;
        columns.fill(word, base + Math.ceil(from / step), base + Math.ceil(to / step));
      }
      start = stop;
    }
  }
}

/** A colour as `ImageData` keeps it, on the little-endian machines that browsers run on. @param {string} color @param {number} alpha */
function colorWord(color, alpha) {
  const [red = 0, green = 0, blue = 0] = rgb(color);
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
