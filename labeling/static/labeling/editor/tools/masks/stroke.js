// @ts-check
// The pixels under a round brush that is drawn from one point to another: those whose centres it reaches.

/** @typedef {import("../../types.js").Point} Point */

/**
 * Visit, column by column, the run of pixels that a stroke covers.
 * @param {Point} from
 * @param {Point} to
 * @param {number} radius
 * @param {import("../../types.js").Rect} area whole pixels that may be visited
 * @param {(x: number, y0: number, y1: number) => void} visit `y1` is not included
 */
export function strokeSpans(from, to, radius, area, visit) {
  const [first, last] = from[0] <= to[0] ? [from, to] : [to, from];
  const start = Math.max(area.left, Math.ceil(first[0] - radius - 0.5));
  const end = Math.min(area.left + area.width - 1, Math.floor(last[0] + radius - 0.5));
  const bottom = area.top + area.height;
  for (let x = start; x <= end; x += 1) {
    const [low, high] = extent(x + 0.5, first, last, radius);
    const y0 = Math.max(area.top, Math.ceil(low - 0.5));
    const y1 = Math.min(bottom, Math.floor(high - 0.5) + 1);
    if (y0 < y1) visit(x, y0, y1);
  }
}

/**
 * How far the stroke reaches up and down at an upright line: two discs, and the band between them.
 * @param {number} x
 * @param {Point} first the left one
 * @param {Point} last
 * @param {number} radius
 * @returns {[number, number]} upside down when it does not reach the line
 */
function extent(x, first, last, radius) {
  let [low, high] = [Infinity, -Infinity];
  for (const [cx, cy] of [first, last]) {
    const rest = radius * radius - (x - cx) * (x - cx);
    if (rest < 0) continue;
    const half = Math.sqrt(rest);
    low = Math.min(low, cy - half);
    high = Math.max(high, cy + half);
  }
  const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
  const length = Math.hypot(dx, dy);
  if (length === 0) return [low, high];
  const [nx, ny] = [(-dy / length) * radius, (dx / length) * radius];
  // The two long sides of the band; each counts where it passes the line.
  for (const side of [1, -1]) {
    const [ax, ay] = [first[0] + side * nx, first[1] + side * ny];
    const [bx, by] = [last[0] + side * nx, last[1] + side * ny];
    if (x < Math.min(ax, bx) || x > Math.max(ax, bx) || ax === bx) continue;
    const y = ay + ((x - ax) / (bx - ax)) * (by - ay);
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  return [low, high];
}
