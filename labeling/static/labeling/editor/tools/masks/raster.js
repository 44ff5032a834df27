// @ts-check
// The pixels of one bitmask while it is painted: a window of the frame that grows with it. A stroke touches the
// pixels under it and nothing else; the run lengths are written when the button is let go.

import { filled } from "../../geometry/raster.js";
import { decodeColumns, encodeColumns } from "../../geometry/rle.js";
import { strokeSpans } from "./stroke.js";

/** @typedef {import("../../types.js").BitmaskShape} BitmaskShape */
/** @typedef {import("../../types.js").MaskPicture} MaskPicture */
/** @typedef {import("../../types.js").Point} Point */
/** @typedef {import("../../types.js").Rect} Rect */
/** @typedef {import("../../geometry/points.js").Size} Size */

/** The window is made of tiles of so many pixels. */
const TILE = 256;

export class MaskRaster {
  /** @param {Size} size of the frame @param {BitmaskShape | null} shape */
  constructor(size, shape) {
    this.size = size;
    /** @type {Rect} */
    this.window = { left: 0, top: 0, width: 0, height: 0 };
    /** pixels of the window, column by column, 1 where the object is */
    this.data = new Uint8Array(0);
    this.canvas = new OffscreenCanvas(1, 1);
    this.context = contextOf(this.canvas);
    if (shape) this.put(shape);
  }

  /** @param {BitmaskShape} shape */
  put(shape) {
    this.reserve(shape);
    const mask = decodeColumns(shape.counts, shape.width, shape.height);
    for (let x = 0; x < shape.width; x += 1) {
      const column = mask.subarray(x * shape.height, (x + 1) * shape.height);
      let start = column.indexOf(1);
      while (start >= 0) {
        const stop = column.indexOf(0, start);
        const end = stop < 0 ? shape.height : stop;
        this.set(shape.left + x, shape.top + start, shape.top + end, 1);
        start = column.indexOf(1, end);
      }
    }
  }

  /** What the canvas of the stage paints. @returns {MaskPicture} */
  get picture() {
    return { ...this.window, canvas: this.canvas };
  }

  /** Set part of a column, which must be in the window. @param {number} x @param {number} y0 @param {number} y1 not included @param {0 | 1} value */
  set(x, y0, y1, value) {
    const { left, top, height } = this.window;
    const start = (x - left) * height - top;
    this.data.fill(value, start + y0, start + y1);
    if (value) this.context.fillRect(x - left, y0 - top, 1, y1 - y0);
    else this.context.clearRect(x - left, y0 - top, 1, y1 - y0);
  }

  /**
   * Paint a stroke of a round brush.
   * @param {Point} from
   * @param {Point} to
   * @param {number} radius
   * @param {0 | 1} value 0 erases
   */
  stroke(from, to, radius, value) {
    const reach = this.clip({
      left: Math.min(from[0], to[0]) - radius,
      top: Math.min(from[1], to[1]) - radius,
      width: Math.abs(to[0] - from[0]) + 2 * radius,
      height: Math.abs(to[1] - from[1]) + 2 * radius,
    });
    const area = value ? this.reserved(reach) : overlapOf(reach, this.window);
    if (area.width > 0 && area.height > 0) strokeSpans(from, to, radius, area, (x, y0, y1) => this.set(x, y0, y1, value));
  }

  /** Fill polygons with holes, or cut them out. @param {Point[][][]} polygons @param {0 | 1} value */
  fill(polygons, value) {
    const all = polygons.flat(2);
    const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const reach = this.clip({ left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top });
    const area = value ? this.reserved(reach) : overlapOf(reach, this.window);
    if (area.width <= 0 || area.height <= 0) return;
    const pixels = filled(polygons, area);
    for (let x = 0; x < area.width; x += 1) {
      for (let y = 0; y < area.height; y += 1) {
        if (pixels[y * area.width + x]) this.set(area.left + x, area.top + y, area.top + y + 1, value);
      }
    }
  }

  /** The whole pixels of the frame that a box touches. @param {Rect} box @returns {Rect} */
  clip({ left, top, width, height }) {
    const [x0, y0] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
    const [x1, y1] = [Math.min(this.size.width, Math.ceil(left + width)), Math.min(this.size.height, Math.ceil(top + height))];
    return { left: x0, top: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0) };
  }

  /** @param {Rect} area @returns {Rect} the same, now in the window */
  reserved(area) {
    if (area.width && area.height) this.reserve(area);
    return area;
  }

  /** Let the window hold an area: it grows by whole tiles, and by half at least, so that it does not grow often. @param {Rect} area */
  reserve(area) {
    const old = this.window;
    const held = old.width > 0 && same(overlapOf(area, old), area);
    if (held) return;
    const wanted = old.width ? joined(old, area) : area;
    const [padX, padY] = old.width ? [grew(old.width, wanted.width), grew(old.height, wanted.height)] : [0, 0];
    const [x0, y0] = [tile(wanted.left - (wanted.left < old.left ? padX : 0), -1), tile(wanted.top - (wanted.top < old.top ? padY : 0), -1)];
    const right = wanted.left + wanted.width;
    const bottom = wanted.top + wanted.height;
    const x1 = tile(right + (right > old.left + old.width ? padX : 0), 1);
    const y1 = tile(bottom + (bottom > old.top + old.height ? padY : 0), 1);
    this.rewindow(this.clip({ left: x0, top: y0, width: x1 - x0, height: y1 - y0 }));
  }

  /** @param {Rect} window that holds the old one */
  rewindow(window) {
    const { window: old, data, canvas: picture } = this;
    this.window = window;
    this.data = new Uint8Array(window.width * window.height);
    this.canvas = new OffscreenCanvas(window.width, window.height);
    this.context = contextOf(this.canvas);
    if (!old.width) return;
    for (let x = 0; x < old.width; x += 1) {
      const at = (old.left + x - window.left) * window.height + old.top - window.top;
      this.data.set(data.subarray(x * old.height, (x + 1) * old.height), at);
    }
    this.context.drawImage(picture, old.left - window.left, old.top - window.top);
  }

  /** The shape of the pixels that are set, null when none is. @returns {BitmaskShape | null} */
  shape() {
    const { data, window } = this;
    const first = data.indexOf(1);
    if (first < 0) return null;
    const x0 = Math.floor(first / window.height);
    const x1 = Math.floor(data.lastIndexOf(1) / window.height);
    let [y0, y1] = [window.height, -1];
    for (let x = x0; x <= x1; x += 1) {
      const column = data.subarray(x * window.height, (x + 1) * window.height);
      const start = column.indexOf(1);
      if (start < 0) continue;
      y0 = Math.min(y0, start);
      y1 = Math.max(y1, column.lastIndexOf(1));
    }
    const [width, height] = [x1 - x0 + 1, y1 - y0 + 1];
    const crop = new Uint8Array(width * height);
    for (let x = 0; x < width; x += 1) {
      const at = (x0 + x) * window.height + y0;
      crop.set(data.subarray(at, at + height), x * height);
    }
    return { left: window.left + x0, top: window.top + y0, width, height, counts: encodeColumns(crop) };
  }
}

/** @param {OffscreenCanvas} canvas */
function contextOf(canvas) {
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#ffffff";
  return context;
}

/** How far to grow beyond what is wanted. @param {number} old @param {number} wanted */
function grew(old, wanted) {
  return wanted > old ? old / 2 : 0;
}

/** @param {number} value @param {1 | -1} way */
function tile(value, way) {
  return (way > 0 ? Math.ceil(value / TILE) : Math.floor(value / TILE)) * TILE;
}

/** @param {Rect} one @param {Rect} other @returns {Rect} without width or height when they share nothing */
function overlapOf(one, other) {
  const [left, top] = [Math.max(one.left, other.left), Math.max(one.top, other.top)];
  const right = Math.min(one.left + one.width, other.left + other.width);
  const bottom = Math.min(one.top + one.height, other.top + other.height);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** @param {Rect} one @param {Rect} other @returns {Rect} */
function joined(one, other) {
  const [left, top] = [Math.min(one.left, other.left), Math.min(one.top, other.top)];
  const right = Math.max(one.left + one.width, other.left + other.width);
  const bottom = Math.max(one.top + one.height, other.top + other.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** @param {Rect} one @param {Rect} other */
function same(one, other) {
  return one.left === other.left && one.top === other.top && one.width === other.width && one.height === other.height;
}
