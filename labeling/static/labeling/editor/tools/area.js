// @ts-check
// Shapes that are drawn by spanning a box: by a drag, or by two clicks. Bounding boxes, skeletons.

import { between } from "../geometry/boxes.js";
import { placed } from "../geometry/skeletons.js";
import { DrawingTool } from "./drawing.js";
import { cross, words } from "./ink.js";

/** @typedef {import("../types.js").Tool} Tool */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Pointer} Pointer */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("../canvas/viewport.js").Viewport} Viewport */

/** Screen pixels: a shorter drag is the first of two clicks. */
export const CLICK = 4;

/** @implements {Tool} */
export class AreaTool extends DrawingTool {
  /** @type {Pointer | null} where the first corner is */
  first = null;
  /** @type {Pointer | null} */
  last = null;
  /** the button is held */
  held = false;

  /** The shape in a box. @param {Rect} rect @returns {any} */
  shapeIn(rect) {
    return this.subject?.of.skeleton ? placed(this.subject.of.skeleton, rect) : rect;
  }

  /** @param {Pointer} pointer */
  down(pointer) {
    if (pointer.button !== 0 || (!this.first && this.grab(pointer))) return;
    if (!this.first) {
      if (!this.begin()) return;
      this.first = pointer;
    }
    this.held = true;
    this.move(pointer);
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    this.last = pointer;
    if (this.gesture) this.gesture.move(pointer);
    else if (this.first) this.show(this.shapeIn(this.spanned(pointer)));
    this.bench.canvas.invalidate();
  }

  /** @param {Pointer} pointer */
  up(pointer) {
    if (this.release(pointer) || !this.first || !this.held) return;
    this.held = false;
    this.last = pointer;
    if (this.isClick(pointer)) return;
    const rect = this.spanned(pointer);
    this.first = null;
    this.keep(this.shapeIn(rect));
  }

  /** @param {Pointer} pointer */
  isClick({ screenX, screenY }) {
    const { first } = this;
    return first !== null && Math.abs(screenX - first.screenX) < CLICK && Math.abs(screenY - first.screenY) < CLICK;
  }

  /** @param {Pointer} pointer */
  spanned(pointer) {
    const first = this.placeOf(this.first ?? pointer);
    return between(first, this.placeOf(pointer), { ratio: pointer.shift, centre: pointer.alt });
  }

  /** @override */
  drop() {
    this.first = null;
    this.held = false;
    return super.drop();
  }

  /** @override @param {CanvasRenderingContext2D} context @param {Viewport} viewport */
  paint(context, viewport) {
    super.paint(context, viewport);
    const { last } = this;
    if (!last || this.gesture || this.grips.hovered) return;
    /** @type {Point} */
    const at = [last.screenX, last.screenY];
    cross(context, at, viewport);
    if (!this.first) return;
    const { width, height } = this.spanned(last);
    words(context, at, `${Math.round(width)} × ${Math.round(height)}`);
  }
}
