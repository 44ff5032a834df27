// @ts-check
// What may be grabbed of a selected shape, and what dragging it does.

import { dragged, fitted, gripAt, upright } from "./boxes.js";
import { direction, inside } from "./points.js";
import { corners, resizedRotated, stepped, wrapped } from "./rotation.js";
import { bounds, pivot, scale, turn, turns } from "./shapes.js";
import { vertices, withVertex } from "./vertices.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {import("./boxes.js").DragOptions} DragOptions */
/** @typedef {import("./points.js").Size} Size */
/** @typedef {import("./vertices.js").Path} Path */

/**
 * @typedef {object} Handle
 * @property {"vertex" | "grip" | "turn"} kind a grip resizes
 * @property {Point} at where it is painted and grabbed
 * @property {Point} from the place of the shape that it stands for
 * @property {number} grip 0..7 clockwise from the top left, for grips
 * @property {Path | null} path for vertices
 */

/** Screen pixels: grips of shapes with vertices stand off, so that they do not lie on vertices. */
const STAND_OFF = 10;
/** Screen pixels: how far the turning handle stands off. */
const TURN_OFF = 26;
/** Screen pixels: smaller boxes show the grips of their corners only. */
const ROOM_FOR_SIDES = 36;

/**
 * The handles of a shape, those that are grabbed first in front.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {number} zoom screen pixels a pixel of the frame
 * @returns {Handle[]}
 */
export function handles(kind, shape, zoom) {
  if (kind === "point") return [];
  if (kind === "rotatable_bounding_box") return rotatedHandles(shape, zoom);
  if (kind === "bounding_box" || kind === "bitmask") return gripHandles(shape, zoom, 0);
  const points = vertices(kind, shape);
  /** @type {Handle[]} */
  const own = points.map(({ at, ...path }) => ({ kind: "vertex", at, from: at, grip: -1, path }));
  const box = bounds(kind, shape);
  if (points.length < 2 || Math.max(box.width, box.height) * zoom < ROOM_FOR_SIDES) return own;
  const corner = gripHandles(box, zoom, STAND_OFF).filter(({ grip }) => grip % 2 === 0);
  return [...own, ...corner, turnHandle([box.left + box.width / 2, box.top], TURN_OFF / zoom)];
}

/** @param {import("../types.js").Rect} box @param {number} zoom @param {number} off @returns {Handle[]} */
function gripHandles(box, zoom, off) {
  const by = off / zoom;
  const outer = { left: box.left - by, top: box.top - by, width: box.width + 2 * by, height: box.height + 2 * by };
  return shownGrips(box, zoom).map((grip) => ({ kind: "grip", at: gripAt(outer, grip), from: gripAt(box, grip), grip, path: null }));
}

/** Corners, and sides where there is room. @param {import("../types.js").Rect} box @param {number} zoom */
function shownGrips({ width, height }, zoom) {
  const upper = width * zoom >= ROOM_FOR_SIDES ? [1, 5] : [];
  const lateral = height * zoom >= ROOM_FOR_SIDES ? [3, 7] : [];
  return [4, 0, 2, 6, ...upper, ...lateral];
}

/** @param {Point} from @param {number} off @param {number} [degrees] @returns {Handle} */
function turnHandle([x, y], off, degrees = 0) {
  const angle = (degrees * Math.PI) / 180;
  return { kind: "turn", at: [x + Math.sin(angle) * off, y - Math.cos(angle) * off], from: [x, y], grip: -1, path: null };
}

/** @param {import("../types.js").RotatedBoxShape} box @param {number} zoom @returns {Handle[]} */
function rotatedHandles(box, zoom) {
  const around = corners(box);
  const place = (/** @type {number} */ grip) => {
    const [one, two] = [around[Math.floor(grip / 2)], around[Math.ceil(grip / 2) % 4]];
    return /** @type {Point} */ ([((one?.[0] ?? 0) + (two?.[0] ?? 0)) / 2, ((one?.[1] ?? 0) + (two?.[1] ?? 0)) / 2]);
  };
  /** @type {Handle[]} */
  const grips = shownGrips(box, zoom).map((grip) => ({ kind: "grip", at: place(grip), from: place(grip), grip, path: null }));
  return [...grips, turnHandle(place(1), TURN_OFF / zoom, box.rotation)];
}

/**
 * The handle within reach of a point, the nearest one.
 * @param {Handle[]} all
 * @param {Point} point
 * @param {number} reach pixels of the frame
 * @returns {Handle | null}
 */
export function handleAt(all, [x, y], reach) {
  let [best, away] = [/** @type {Handle | null} */ (null), reach];
  for (const one of all) {
    const now = Math.max(Math.abs(one.at[0] - x), Math.abs(one.at[1] - y));
    if (now < away || (best === null && now <= away)) [best, away] = [one, now];
  }
  return best;
}

/**
 * Drag a handle so that what it stands for comes to a point.
 * @param {ShapeKind} kind
 * @param {any} shape as it was when the drag began
 * @param {Handle} handle
 * @param {Point} point
 * @param {DragOptions} options
 * @param {Size} size
 */
export function dragHandle(kind, shape, handle, point, options, size) {
  if (handle.kind === "vertex" && handle.path) return withVertex(kind, shape, handle.path, inside(point, size));
  if (handle.kind === "turn") return turnedTo(kind, shape, handle, point, options, size);
  if (kind === "rotatable_bounding_box") return resizedRotated(shape, handle.grip, point, options);
  const box = bounds(kind, shape);
  const edges = dragged(box, handle.grip, inside(point, size), options);
  return kind === "bounding_box" ? fitted(upright(edges), size) : scale(kind, shape, box, edges, size);
}

/** @param {ShapeKind} kind @param {any} shape @param {Handle} handle @param {Point} point @param {DragOptions} options @param {Size} size */
function turnedTo(kind, shape, handle, point, { step = false }, size) {
  if (!turns(kind)) return shape;
  const about = pivot(kind, shape);
  const before = kind === "rotatable_bounding_box" ? shape.rotation : 0;
  const angle = before + direction(about, point) - direction(about, handle.at);
  return turn(kind, shape, wrapped(step ? stepped(angle) : angle) - before, size);
}

/** The CSS cursor over a handle. @param {Handle} handle @param {number} [rotation] of the box, in degrees */
export function cursorOf(handle, rotation = 0) {
  if (handle.kind === "turn") return "grab";
  if (handle.kind === "vertex") return "move";
  const names = ["nwse", "ns", "nesw", "ew"];
  const turned = Math.round(wrapped(rotation) / 45);
  return `${names[(handle.grip + turned) % 4]}-resize`;
}
