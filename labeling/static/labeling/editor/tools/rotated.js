// @ts-check
// Rotated boxes: a drag spans an upright one, to be turned by its handle; three clicks set base edge and height.

import { distance } from "../geometry/points.js";
import { onBase } from "../geometry/rotation.js";
import { AreaTool } from "./area.js";
import { line } from "./ink.js";

/** @typedef {import("../types.js").Tool} Tool */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Pointer} Pointer */
/** @typedef {import("../types.js").Rect} Rect */

/** @implements {Tool} */
export class RotatedTool extends AreaTool {
  /** @type {Point[]} of the base edge */
  base = [];

  /** @override @param {Rect} rect */
  shapeIn(rect) {
    return { ...rect, rotation: 0 };
  }

  /** @override @param {Pointer} pointer */
  move(pointer) {
    if (!this.base.length) return super.move(pointer);
    this.last = pointer;
    const [start, end] = this.base;
    if (start && end) this.show(onBase(start, end, this.placeOf(pointer)));
    this.bench.canvas.invalidate();
  }

  /** @override @param {Pointer} pointer */
  up(pointer) {
    if (this.base.length) return this.next(pointer);
    const { first } = this;
    super.up(pointer);
    if (!this.first || !first) return;
    this.base = [this.placeOf(first)];
    this.bench.setDraft(null);
  }

  /** The second and the third click. @param {Pointer} pointer */
  next(pointer) {
    if (!this.held) return;
    this.held = false;
    const point = this.placeOf(pointer);
    const [start, end] = this.base;
    if (start && !end && distance(start, point) * this.bench.viewport.scale > 2) this.base = [start, point];
    if (start && end) this.keep(onBase(start, end, point));
    this.bench.canvas.invalidate();
  }

  /** @override */
  drop() {
    this.base = [];
    return super.drop();
  }

  /** @override @param {CanvasRenderingContext2D} context @param {import("../canvas/viewport.js").Viewport} viewport */
  paint(context, viewport) {
    if (!this.base.length || !this.last) return super.paint(context, viewport);
    const [start, end] = this.base;
    const to = end ?? this.placeOf(this.last);
    if (start) line(context, [viewport.toScreen(...start), viewport.toScreen(...to)]);
  }
}
