// @ts-check
// What all drawing tools share: whose drawing it is, and handles of what was drawn last.

import { inside } from "../geometry/points.js";
import { HandleDrag } from "./select/gestures.js";
import { frameSize } from "./guard.js";
import { keepDrawn, subjectFor } from "./subject.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Pointer} Pointer */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {import("./grips.js").Grips} Grips */
/** @typedef {import("./subject.js").Subject} Subject */

/** A tool that draws one kind of shape; what it drew can be corrected by its handles at once. */
export class DrawingTool {
  /** @param {Bench} bench @param {Grips} grips @param {string} name @param {string} title @param {readonly ShapeKind[]} kinds */
  constructor(bench, grips, name, title, kinds) {
    this.bench = bench;
    this.grips = grips;
    this.name = name;
    this.title = title;
    this.kinds = kinds;
    /** @type {Subject | null} while something is being drawn */
    this.subject = null;
    /** @type {HandleDrag | null} */
    this.gesture = null;
  }

  stop() {
    this.escape();
  }

  /** Begin a drawing; says why when that cannot be. @returns {Subject | null} */
  begin() {
    const subject = subjectFor(this.bench, this.kinds);
    if (typeof subject === "string") {
      this.bench.say(subject, "warn");
      return null;
    }
    this.subject = subject;
    return subject;
  }

  /** Show what is drawn so far. @param {any} shape */
  show(shape) {
    const { subject } = this;
    if (subject) this.bench.setDraft({ instance: subject.key, objectClass: subject.of.id, frame: subject.frame, shape });
  }

  /** Drop what is drawn so far. */
  drop() {
    const had = this.subject !== null;
    this.subject = null;
    if (had) this.bench.setDraft(null);
    this.bench.canvas.invalidate();
    return had;
  }

  /** Keep what was drawn. @param {any} shape @param {string} [verb] */
  keep(shape, verb) {
    const { subject } = this;
    this.drop();
    return subject !== null && keepDrawn(this.bench, subject, shape, verb);
  }

  /** Take hold of a handle under the pointer. @param {Pointer} pointer */
  grab(pointer) {
    const grabbed = pointer.button === 0 && !this.subject ? this.grips.at(pointer) : null;
    this.gesture = grabbed && new HandleDrag(this.bench, grabbed, pointer, () => {});
    return this.gesture !== null;
  }

  /** Let go of it. @param {Pointer} pointer @returns {boolean} whether there was one */
  release(pointer) {
    const { gesture } = this;
    this.gesture = null;
    gesture?.move(pointer);
    gesture?.up(pointer);
    return gesture !== null;
  }

  /** @returns {boolean} whether there was anything to drop */
  escape() {
    const { gesture } = this;
    this.gesture = null;
    gesture?.cancel();
    return this.drop() || gesture !== null;
  }

  /** @param {Pointer} pointer */
  cursor(pointer) {
    if (this.gesture) return this.gesture.cursor;
    return (!this.subject && this.grips.hover(pointer)) || "crosshair";
  }

  /** The pointer's place in the frame. @param {Pointer} pointer @returns {Point} */
  placeOf(pointer) {
    return inside([pointer.x, pointer.y], frameSize(this.bench));
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../canvas/viewport.js").Viewport} viewport */
  paint(context, viewport) {
    if (!this.subject) this.grips.paint(context, viewport);
    this.gesture?.paint(context, viewport);
  }
}
