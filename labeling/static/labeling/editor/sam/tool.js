// @ts-check
// The tool of SAM mode: clicks include and exclude, a drag spans a box.

import { between } from "../geometry/boxes.js";
import { inside } from "../geometry/points.js";
import { CLICK } from "../tools/area.js";
import { frameSize } from "../tools/guard.js";
import { paintSam } from "./paint.js";

/** @typedef {import("../types.js").Pointer} Pointer */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Tool} Tool */
/** @typedef {import("../canvas/viewport.js").Viewport} Viewport */
/** @typedef {import("./sam.js").Sam} Sam */

/** @implements {Tool} */
export class SamTool {
  /** @param {Sam} sam */
  constructor(sam) {
    this.name = "sam";
    this.title = "SAM mode";
    this.sam = sam;
    /** @type {Pointer | null} where the button was pressed */
    this.first = null;
    /** @type {Pointer | null} */
    this.last = null;
  }

  start() {
    // The bench knows of the tool only after it was started.
    queueMicrotask(() => this.sam.on && this.sam.follow());
  }

  stop() {
    this.abandon();
    this.sam.aim.hide();
    this.sam.leave();
    queueMicrotask(() => this.sam.changed());
  }

  /** What can be taken back: of interest is whether there is any. */
  get points() {
    return this.sam.draft ? [this.sam.draft] : [];
  }

  back() {
    this.sam.back();
  }

  /** @param {Pointer} pointer */
  down(pointer) {
    if (pointer.button !== 0) return;
    this.sam.aim.hide();
    this.first = this.last = pointer;
    this.sam.bench.canvas.invalidate();
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    this.last = pointer;
    // A mouse that lies still on a shaking table does not point.
    if (pointer.event.movementX || pointer.event.movementY) this.sam.aim.hide();
  }

  /** @param {Pointer} pointer */
  up(pointer) {
    const { first } = this;
    this.first = null;
    if (!first) return;
    this.last = pointer;
    if (!isDrag(first, pointer)) this.click(first, !first.alt);
    else this.drag(first, pointer);
  }

  /** @param {Pointer} pointer @param {boolean} include */
  click({ x, y }, include) {
    const { width, height } = frameSize(this.sam.bench);
    if (x < 0 || y < 0 || x > width || y > height) this.sam.bench.say("That is outside the frame.");
    else this.sam.click({ x, y, include });
  }

  /** @param {Pointer} first @param {Pointer} last */
  drag(first, last) {
    const box = this.spanned(first, last);
    if (box.width > 0 && box.height > 0) this.sam.drag(box);
  }

  /** @param {Pointer} first @param {Pointer} last */
  spanned(first, last) {
    const size = frameSize(this.sam.bench);
    return between(inside([first.x, first.y], size), inside([last.x, last.y], size));
  }

  /** A right click excludes while a draft is open; else it opens the menu. @param {Pointer} pointer */
  context(pointer) {
    if (!this.sam.draft) return false;
    this.click(pointer, false);
    return true;
  }

  /** A click of the middle button saves. @returns {boolean} whether it meant anything */
  middle() {
    return this.sam.save();
  }

  abandon() {
    this.first = null;
    this.sam.bench.canvas.invalidate();
  }

  escape() {
    if (this.first) {
      this.abandon();
      return true;
    }
    return this.sam.drop() || this.sam.aim.hide();
  }

  finish() {
    return this.sam.save();
  }

  cursor() {
    return "crosshair";
  }

  /** @param {CanvasRenderingContext2D} context @param {Viewport} viewport */
  paint(context, viewport) {
    const { first, last } = this;
    const box = first && last && isDrag(first, last) ? this.spanned(first, last) : null;
    const pressed = first && !box ? { x: first.x, y: first.y, include: !first.alt } : null;
    paintSam(context, viewport, this.sam, { box, pressed });
    this.sam.aim.paint(context, viewport);
  }
}

/** @param {Pointer} first @param {Pointer} last */
function isDrag(first, last) {
  return Math.abs(last.screenX - first.screenX) >= CLICK || Math.abs(last.screenY - first.screenY) >= CLICK;
}
