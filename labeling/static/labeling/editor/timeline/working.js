// @ts-check
// Runs at work, on the rows of their objects: the frames they go over, and how much of that is done.

/** @typedef {import("../jobs/runs.js").Job} Job */
/** @typedef {import("./lanes.js").Brush} Brush */

const LINE = 2;

/**
 * @param {Brush} brush
 * @param {Job[]} jobs that have not ended
 * @param {number} top of the line
 */
export function paintWorking({ context, scale, theme }, jobs, top) {
  for (const { first_frame: first, last_frame: last, frames_done: done, frames_total: total, direction } of jobs) {
    const [left, right] = [scale.x(first), scale.x(last + 1)];
    const far = (right - left) * Math.min(1, total ? done / total : 0);
    const from = direction === "backwards" ? right - far : left;
    context.fillStyle = theme.colors["line-strong"];
    context.fillRect(left, top, right - left, LINE);
    context.fillStyle = theme.colors.accent;
    context.fillRect(from, top, far, LINE);
  }
}
