// @ts-check
// Rotated boxes: turned clockwise on screen about their own centre.

import { dragged, LEAST, upright } from "./boxes.js";
import { direction, distance, turned } from "./points.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").RotatedBoxShape} RotatedBoxShape */
/** @typedef {import("./boxes.js").DragOptions} DragOptions */

/** Degrees: turning with Shift goes by this. */
export const STEP = 15;

/** @param {import("../types.js").Rect} box @returns {Point} */
export function centre({ left, top, width, height }) {
  return [left + width / 2, top + height / 2];
}

/** The corners, clockwise from the top left before the turn. @param {RotatedBoxShape} box @returns {Point[]} */
export function corners(box) {
  const { left, top, width, height } = box;
  /** @type {Point[]} */
  const upright = [[left, top], [left + width, top], [left + width, top + height], [left, top + height]];
  return upright.map((point) => turned(point, centre(box), box.rotation));
}

/** Degrees in 0..360. @param {number} degrees */
export function wrapped(degrees) {
  return ((degrees % 360) + 360) % 360;
}

/** Degrees at the nearest step of 15. @param {number} degrees */
export function stepped(degrees) {
  return Math.round(degrees / STEP) * STEP;
}

/** Whether the point is in the box. @param {RotatedBoxShape} box @param {Point} point */
export function rotatedContains(box, point) {
  const [x, y] = turned(point, centre(box), -box.rotation);
  return x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height;
}

/**
 * Drag one of the eight handles to a point: what lies opposite stays where it is on screen.
 * @param {RotatedBoxShape} box
 * @param {number} grip
 * @param {Point} point
 * @param {DragOptions} [options]
 * @returns {RotatedBoxShape}
 */
export function resizedRotated(box, grip, point, options = {}) {
  const about = centre(box);
  const local = upright(dragged(box, grip, turned(point, about, -box.rotation), options));
  const size = { width: Math.max(local.width, LEAST), height: Math.max(local.height, LEAST) };
  const [x, y] = turned(centre(local), about, box.rotation);
  return { left: x - size.width / 2, top: y - size.height / 2, ...size, rotation: box.rotation };
}

/**
 * The box on a base edge that reaches to a third point; the base is its top side before the turn.
 * @param {Point} start
 * @param {Point} end
 * @param {Point} third
 * @returns {RotatedBoxShape}
 */
export function onBase(start, end, third) {
  const angle = direction(start, end);
  const width = distance(start, end);
  const height = turned(third, start, -angle)[1] - start[1];
  // A box that grows to the other side of its base is turned round, so that its height is above zero.
  const [origin, rotation] = height < 0 ? [end, angle + 180] : [start, angle];
  const middle = turned([origin[0] + width / 2, origin[1] + Math.abs(height) / 2], origin, rotation);
  return {
    left: middle[0] - width / 2,
    top: middle[1] - Math.abs(height) / 2,
    width,
    height: Math.abs(height),
    rotation: wrapped(rotation),
  };
}
