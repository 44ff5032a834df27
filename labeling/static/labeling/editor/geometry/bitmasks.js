// @ts-check
// Bitmasks as shapes: cropped to their pixels, stretched, clipped.

import { decode, encode } from "./rle.js";

/** @typedef {import("../types.js").BitmaskShape} BitmaskShape */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {{data: Uint8Array, width: number, height: number}} Pixels row by row, 1 where the object is */

/** @param {BitmaskShape} shape @returns {Pixels} */
export function pixelsOf({ counts, width, height }) {
  return { data: decode(counts, width, height), width, height };
}

/** The box around the pixels that are set, null when none is. @param {Pixels} pixels @returns {Rect | null} */
export function pixelBounds({ data, width, height }) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    const first = data.indexOf(1, y * width) - y * width;
    if (first < 0 || first >= width) continue;
    const last = data.lastIndexOf(1, y * width + width - 1) - y * width;
    if (first < left) left = first;
    if (last > right) right = last;
    if (top > y) top = y;
    bottom = y;
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * The shape of pixels whose first one lies at `left`, `top` of the frame; null when none is set.
 * @param {Pixels} pixels
 * @param {number} [left]
 * @param {number} [top]
 * @returns {BitmaskShape | null}
 */
export function bitmaskOf(pixels, left = 0, top = 0) {
  const bounds = pixelBounds(pixels);
  if (!bounds) return null;
  const crop = new Uint8Array(bounds.width * bounds.height);
  for (let y = 0; y < bounds.height; y += 1) {
    const from = (y + bounds.top) * pixels.width + bounds.left;
    crop.set(pixels.data.subarray(from, from + bounds.width), y * bounds.width);
  }
  const counts = encode(crop, bounds.width, bounds.height);
  return { ...bounds, left: left + bounds.left, top: top + bounds.top, counts };
}

/**
 * Stretch a bitmask into another box of whole pixels: each pixel takes that of the old one at its centre.
 * @param {BitmaskShape} shape
 * @param {Rect} to
 * @param {{flipX?: boolean, flipY?: boolean}} [options]
 * @returns {BitmaskShape | null} null when no pixel is left
 */
export function stretched(shape, to, { flipX = false, flipY = false } = {}) {
  const old = pixelsOf(shape);
  const data = new Uint8Array(to.width * to.height);
  const columns = Array.from({ length: to.width }, (_, x) => Math.floor(((x + 0.5) * old.width) / to.width));
  for (let y = 0; y < to.height; y += 1) {
    const row = Math.floor(((y + 0.5) * old.height) / to.height);
    const from = (flipY ? old.height - 1 - row : row) * old.width;
    columns.forEach((column, x) => {
      data[y * to.width + x] = old.data[from + (flipX ? old.width - 1 - column : column)] ?? 0;
    });
  }
  return bitmaskOf({ data, width: to.width, height: to.height }, to.left, to.top);
}

/** The box of whole pixels nearest to a box, at least one pixel, in the frame. @param {Rect} box @param {import("./points.js").Size} size @returns {Rect} */
export function wholePixels(box, size) {
  const left = Math.min(Math.max(Math.round(box.left), 0), size.width - 1);
  const top = Math.min(Math.max(Math.round(box.top), 0), size.height - 1);
  const right = Math.min(Math.max(Math.round(box.left + box.width), left + 1), size.width);
  const bottom = Math.min(Math.max(Math.round(box.top + box.height), top + 1), size.height);
  return { left, top, width: right - left, height: bottom - top };
}
