// @ts-check
// The outline of a mask along the edges of its pixels, from its runs, without looking at each pixel.
//
// On each line between two columns the outline runs where exactly one of them is inside: upright edges. All corners
// on one height pair up from left to right into level edges, as in any rectilinear figure. Walking upright and level
// edges in turn closes the rings.

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Rect} Rect */

/**
 * @param {Uint32Array} ends of the runs of the mask, column by column, outside first
 * @param {Rect} box of the mask
 * @returns {Point[][]} closed rings, corners only, in the coordinates of `box`
 */
export function contour(ends, { left, top, width, height }) {
  /** @type {number[]} */
  const xs = [];
  /** @type {number[]} corners; those at 2i and 2i + 1 are one upright edge */
  const ys = [];
  /** @type {number[]} */
  let before = [];
  const columns = columnEdges(ends, width, height);
  for (let x = 0; x <= width; x += 1) {
    const here = columns[x] ?? [];
    const edges = symmetric(before, here);
    for (const y of edges) {
      xs.push(x);
      ys.push(y);
    }
    before = here;
  }
  return rings(xs, ys, levelPartners(xs, ys, height)).map((ring) => ring.map(([x, y]) => [x + left, y + top]));
}

/**
 * For each column the heights at which it goes inside and outside in turn.
 * @param {Uint32Array} ends
 * @param {number} width
 * @param {number} height
 */
function columnEdges(ends, width, height) {
  /** @type {number[][]} */
  const columns = Array.from({ length: width }, () => []);
  for (let run = 1; run < ends.length; run += 2) {
    let start = ends[run - 1] ?? 0;
    const end = ends[run] ?? 0;
    while (start < end) {
      const column = Math.floor(start / height);
      const stop = Math.min(end, (column + 1) * height);
      columns[column]?.push(start - column * height, stop - column * height);
      start = stop;
    }
  }
  return columns;
}

/**
 * The ends of the stretches that exactly one of two columns covers: what both have is no edge.
 * @param {number[]} one ascending
 * @param {number[]} other ascending
 */
function symmetric(one, other) {
  /** @type {number[]} */
  const merged = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [a, b] = [one[i] ?? Infinity, other[j] ?? Infinity];
    if (a <= b) i += 1;
    if (b <= a) j += 1;
    if (a !== b) merged.push(Math.min(a, b));
  }
  return merged;
}

/**
 * For each corner the one at the other end of its level edge.
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {number} height
 */
function levelPartners(xs, ys, height) {
  // Corners were made from left to right: those of one height meet in that order.
  const open = new Int32Array(height + 1).fill(-1);
  const partners = new Int32Array(xs.length);
  ys.forEach((y, corner) => {
    const waiting = open[y] ?? -1;
    if (waiting < 0) open[y] = corner;
    else {
      partners[corner] = waiting;
      partners[waiting] = corner;
      open[y] = -1;
    }
  });
  return partners;
}

/**
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {Int32Array} partners
 */
function rings(xs, ys, partners) {
  const walked = new Uint8Array(xs.length);
  /** @type {Point[][]} */
  const made = [];
  for (let start = 0; start < xs.length; start += 2) {
    if (walked[start]) continue;
    /** @type {Point[]} */
    const ring = [];
    let corner = start;
    while (!walked[corner]) {
      const end = corner ^ 1;
      walked[corner] = walked[end] = 1;
      ring.push([xs[corner] ?? 0, ys[corner] ?? 0], [xs[end] ?? 0, ys[end] ?? 0]);
      corner = partners[end] ?? start;
    }
    made.push(ring);
  }
  return made;
}
