// @ts-check
// Outlines to pixels and back. A pixel is in when its centre is; a centre on a left or upper edge is in,
// on a right or lower edge out, so that shapes that share an edge share no pixel (as on the server).

import { thousandth } from "./points.js";
import { signedArea, simplified } from "./rings.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Rect} Rect */

/**
 * Return the pixels of the union of polygons (rings by the even-odd rule) in a window of the frame, row by row.
 * @param {Point[][][]} polygons
 * @param {Rect} window whole pixels
 * @returns {Uint8Array}
 */
export function filled(polygons, window) {
  const mask = new Uint8Array(window.width * window.height);
  for (const rings of polygons) fillRings(mask, rings, window);
  return mask;
}

/** @param {Uint8Array} mask @param {Point[][]} rings @param {Rect} window */
function fillRings(mask, rings, window) {
  const { width, height } = window;
  const stride = width + 1;
  const flips = new Uint8Array(stride * height);
  for (const ring of rings) {
    const points = ring.map(([x, y]) => /** @type {Point} */ ([thousandth(x), thousandth(y)]));
    points.forEach((start, index) => {
      const end = points[(index + 1) % points.length] ?? start;
      cross(flips, start, end, window);
    });
  }
  // Every crossing flips all pixels to its right.
  for (let y = 0; y < height; y += 1) {
    let within = 0;
    for (let x = 0; x < width; x += 1) {
      within ^= flips[y * stride + x] ?? 0;
      if (within) mask[y * width + x] = 1;
    }
  }
}

/** Note where an edge crosses the rows' centres. @param {Uint8Array} flips @param {Point} start @param {Point} end @param {Rect} window */
function cross(flips, [x0, y0], [x1, y1], { left, top, width, height }) {
  const rows = [y0, y1].map((y) => Math.min(Math.max(Math.ceil(y - 0.5) - top, 0), height));
  const [first, last] = [Math.min(...rows), Math.max(...rows)];
  const slope = (x1 - x0) / (y1 - y0);
  for (let row = first; row < last; row += 1) {
    const x = x0 + (row + top + 0.5 - y0) * slope;
    const column = Math.min(Math.max(Math.ceil(x - 0.5) - left, 0), width);
    const at = row * (width + 1) + column;
    flips[at] = (flips[at] ?? 0) ^ 1;
  }
}

/**
 * Fill what a mask encloses: pixels outside that no path of side-by-side pixels leads out of the mask from.
 * Works on rows and on columns alike.
 * @param {Uint8Array} mask `height` lines of `width`
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array}
 */
export function holesFilled(mask, width, height) {
  const outside = new Uint8Array(mask.length);
  const waiting = new Int32Array(mask.length);
  let count = 0;
  /** @param {number} at */
  const reach = (at) => {
    if (mask[at] || outside[at]) return;
    outside[at] = 1;
    waiting[count] = at;
    count += 1;
  };
  for (let x = 0; x < width; x += 1) [x, (height - 1) * width + x].forEach(reach);
  for (let y = 0; y < height; y += 1) [y * width, y * width + width - 1].forEach(reach);
  while (count > 0) {
    count -= 1;
    const at = waiting[count] ?? 0;
    const x = at % width;
    if (x > 0) reach(at - 1);
    if (x < width - 1) reach(at + 1);
    if (at >= width) reach(at - width);
    if (at < mask.length - width) reach(at + width);
  }
  return outside.map((value) => 1 - value);
}

/** Steps and the pixel ahead on either hand, for each heading: right, down, left, up. */
const HEADINGS = [
  { dx: 1, dy: 0, left: [0, -1], right: [0, 0] },
  { dx: 0, dy: 1, left: [0, 0], right: [-1, 0] },
  { dx: -1, dy: 0, left: [-1, 0], right: [-1, -1] },
  { dx: 0, dy: -1, left: [-1, -1], right: [0, -1] },
];

/** @typedef {{points: Point[], wall: [number, number]}} Border `wall`: the inside pixel of its leftmost side that faces right */

/** Walks the borders of a mask with the inside on the right hand; pixels that touch at a corner are connected. */
class Tracer {
  /** @param {Uint8Array} mask row by row @param {number} width @param {number} height */
  constructor(mask, width, height) {
    this.mask = mask;
    this.width = width;
    this.height = height;
    this.seen = new Uint8Array(mask.length);
    /** which border passes the left side of a pixel */
    this.ofLeft = new Int32Array(mask.length).fill(-1);
    /** @type {Border[]} */
    this.borders = [];
  }

  /** @param {number} x @param {number} y */
  at(x, y) {
    return x >= 0 && y >= 0 && x < this.width && y < this.height && this.mask[y * this.width + x] === 1;
  }

  trace() {
    for (let y = 0; y < this.height; y += 1) {
      for (let x = 0; x < this.width; x += 1) {
        if (this.at(x, y) && !this.at(x, y - 1) && !this.seen[y * this.width + x]) this.walk(x, y);
      }
    }
    return this.borders;
  }

  /** Follow the border that passes the upper side of a pixel. @param {number} startX @param {number} startY */
  walk(startX, startY) {
    /** @type {Border} */
    const border = { points: [], wall: [Infinity, 0] };
    const number = this.borders.push(border) - 1;
    let [x, y, heading] = [startX, startY, 0];
    do {
      const { dx, dy } = /** @type {typeof HEADINGS[0]} */ (HEADINGS[heading]);
      if (heading === 0) this.seen[y * this.width + x] = 1;
      if (heading === 1 && x - 1 < border.wall[0]) border.wall = [x - 1, y];
      if (heading === 3) this.ofLeft[(y - 1) * this.width + x] = number;
      border.points.push([x + dx / 2, y + dy / 2]);
      x += dx;
      y += dy;
      heading = this.turn(x, y, heading);
    } while (x !== startX || y !== startY || heading !== 0);
  }

  /** @param {number} x @param {number} y @param {number} heading */
  turn(x, y, heading) {
    const { left, right } = /** @type {typeof HEADINGS[0]} */ (HEADINGS[heading]);
    if (this.at(x + (left[0] ?? 0), y + (left[1] ?? 0))) return (heading + 3) % 4;
    return this.at(x + (right[0] ?? 0), y + (right[1] ?? 0)) ? heading : (heading + 1) % 4;
  }

  /** The border met first when going left, within the mask, from a hole's leftmost wall. @param {Border} hole */
  leftOf({ wall: [x, y] }) {
    let at = y * this.width + x;
    while ((this.ofLeft[at] ?? -1) < 0) at -= 1;
    return this.ofLeft[at] ?? -1;
  }
}

/**
 * Return every connected piece of a mask as rings, the outer one first, then its holes. Rings go through the
 * middles of the pixels' sides: exactly the centres of the mask's pixels lie inside.
 * @param {Uint8Array} mask row by row
 * @param {number} width
 * @param {number} height
 * @returns {Point[][][]}
 */
export function outlines(mask, width, height) {
  const tracer = new Tracer(mask, width, height);
  const borders = tracer.trace();
  const outer = borders.map((border) => signedArea(border.points) > 0);
  const pieces = new Map(borders.flatMap((one, index) => (outer[index] ? [[index, [one.points]]] : [])));
  borders.forEach((border, index) => {
    if (outer[index]) return;
    let owner = index;
    while (!outer[owner]) owner = tracer.leftOf(/** @type {Border} */ (borders[owner]));
    pieces.get(owner)?.push(border.points);
  });
  return [...pieces.values()];
}

/**
 * Return a mask as polygons with holes, within `tolerance` pixels of its outline; what shrinks to a line goes.
 * @param {Uint8Array} mask row by row
 * @param {number} width
 * @param {number} height
 * @param {number} [tolerance]
 * @returns {Point[][][]}
 */
export function maskPolygons(mask, width, height, tolerance = 0.6) {
  return outlines(mask, width, height).map((rings) =>
    rings.map((ring, index) => thinned(ring, tolerance, index > 0)).filter((ring) => ring.length >= 3),
  );
}

/** @param {Point[]} ring @param {number} tolerance @param {boolean} hole @returns {Point[]} */
function thinned(ring, tolerance, hole) {
  const simple = simplified(ring, tolerance, true);
  if (simple.length >= 3) return simple;
  return hole ? [] : simplified(ring, 0.1, true);
}
