// @ts-check
// Drawing without a pointer: a shape in the middle of what is seen, to be moved and resized by keys.

import { holesFilled } from "../geometry/raster.js";
import { bitmaskOf, pixelsOf } from "../geometry/bitmasks.js";
import { clipped } from "../geometry/boxes.js";
import { placed } from "../geometry/skeletons.js";
import { frameSize } from "./guard.js";
import { MaskRaster } from "./masks/raster.js";
import { keepChanged, keepDrawn, nextKind, subjectFor } from "./subject.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */

/** Draw the next shape in the middle of the view. @param {Bench} bench */
export function placeInMiddle(bench) {
  const kind = nextKind(bench);
  const subject = kind ? subjectFor(bench, [kind]) : "Choose a class first.";
  if (typeof subject === "string") {
    bench.say(subject, "warn");
    return;
  }
  const box = middleThird(bench);
  keepDrawn(bench, subject, shapeIn(subject.of, box, frameSize(bench)));
}

/** @param {Bench} bench @returns {Rect} */
function middleThird(bench) {
  const { left, top, width, height } = clipped(bench.viewport.visible, frameSize(bench));
  return { left: left + width / 3, top: top + height / 3, width: width / 3, height: height / 3 };
}

/** @param {import("../types.js").ObjectClass} of @param {Rect} box @param {{width: number, height: number}} size */
function shapeIn(of, box, size) {
  const { left, top, width, height } = box;
  const [x, y] = [left + width / 2, top + height / 2];
  switch (of.shape) {
    case "rotatable_bounding_box":
      return { ...box, rotation: 0 };
    case "polygon":
      return { polygons: [[[[left, top], [left + width, top], [left + width, top + height], [left, top + height]]]] };
    case "polyline":
      return { points: [[left, y], [x, y], [left + width, y]] };
    case "point":
      return { x, y, visibility: "visible" };
    case "skeleton":
      return of.skeleton ? placed(of.skeleton, box) : { vertices: [] };
    case "bitmask":
      return disc([x, y], Math.max(1, Math.min(width, height) / 2), size);
    default:
      return box;
  }
}

/** @param {Point} at @param {number} radius @param {{width: number, height: number}} size */
function disc(at, radius, size) {
  const raster = new MaskRaster(size, null);
  raster.stroke(at, at, radius, 1);
  return raster.shape();
}

/** Fill what the selected bitmask encloses. @param {Bench} bench @param {import("./guard.js").Held} held */
export function fillHoles(bench, held) {
  const { data, width, height } = pixelsOf(held.shape);
  const shape = bitmaskOf({ data: holesFilled(data, width, height), width, height }, held.shape.left, held.shape.top);
  if (!shape || shape.counts === held.shape.counts) {
    bench.say(`${held.name} has no holes.`);
    return;
  }
  keepChanged(bench, "Fill the holes of", [{ held, shape }]);
}
