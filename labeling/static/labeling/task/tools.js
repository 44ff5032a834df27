// @ts-check
// What the pointer does on the frame: choose, draw a box, move and resize one.

import { between, moved, resized } from "./boxes.js";
import { isBox } from "./objects.js";
import { handles } from "./paint.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./canvas.js").Canvas} Canvas */
/** @typedef {import("./labels.js").Labels} Labels */
/** @typedef {import("./objects.js").Objects} Objects */
/** @typedef {import("./saving.js").Saving} Saving */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Label} Label */
/** @typedef {{kind: "draw", from: Point} | {kind: "move" | "resize", from: Point, label: Label, handle: number}} Gesture */

const GRIP = 9;
const SMALLEST = 3;
const CURSORS = ["nwse", "ns", "nesw", "ew", "nwse", "ns", "nesw", "ew"];

export class Tools {
  /**
   * @param {Bench} bench
   * @param {Labels} labels
   * @param {Canvas} canvas
   * @param {Objects} objects
   * @param {Saving} saving
   */
  constructor(bench, labels, canvas, objects, saving) {
    this.bench = bench;
    this.labels = labels;
    this.canvas = canvas;
    this.objects = objects;
    this.saving = saving;
    /** @type {Gesture | null} */
    this.gesture = null;
    const surface = canvas.overlay;
    surface.addEventListener("pointerdown", (event) => event.button === 0 && this.down(event));
    surface.addEventListener("pointermove", (event) => this.move(event));
    surface.addEventListener("pointerup", (event) => this.up(event));
    surface.addEventListener("pointercancel", () => this.cancel());
  }

  /** @param {PointerEvent} event */
  down(event) {
    const { bench, canvas } = this;
    const point = canvas.point(event);
    canvas.overlay.setPointerCapture(event.pointerId);
    const own = this.own();
    const handle = own ? this.handleAt(own, point) : -1;
    if (own && handle >= 0) {
      this.grab({ kind: "resize", from: point, label: own, handle });
      return;
    }
    const under = canvas.labelAt(point);
    if (own && under?.instance === own.instance) this.grab({ kind: "move", from: point, label: own, handle });
    else if (bench.tool === "draw") this.gesture = { kind: "draw", from: point };
    else this.choose(under, event.shiftKey, point);
  }

  /**
   * @param {Label | null} under
   * @param {boolean} more
   * @param {Point} point
   */
  choose(under, more, point) {
    const { bench } = this;
    if (!under) bench.select([]);
    else if (more) bench.toggle(under.instance);
    else bench.select([under.instance]);
    const own = this.own();
    if (own && under?.instance === own.instance) this.grab({ kind: "move", from: point, label: own, handle: -1 });
  }

  /**
   * Take hold of a label. As a draft it stays as the person sees it, whatever others do meanwhile.
   * @param {Exclude<Gesture, {kind: "draw"}>} gesture
   */
  grab(gesture) {
    this.gesture = gesture;
    this.labels.put({ ...gesture.label, draft: true });
  }

  /** @returns {Label | null} the selected box of this frame, if it may be changed */
  own() {
    const { bench } = this;
    const instance = bench.selection.size === 1 ? bench.primary : null;
    if (!instance || !bench.facts.mayEdit || !isBox(bench.classOf(instance).shape)) return null;
    const label = this.labels.get(instance.id, bench.shown);
    return label?.shape && label.review !== "accepted" ? label : null;
  }

  /**
   * @param {Label} label
   * @param {Point} point
   */
  handleAt(label, [x, y]) {
    if (label.shape.rotation) return -1;
    const reach = GRIP / this.canvas.scale;
    return handles("bounding_box", label.shape).findIndex(
      ([left, top]) => Math.abs(x - left) <= reach && Math.abs(y - top) <= reach,
    );
  }

  /** @param {PointerEvent} event */
  move(event) {
    const point = this.canvas.point(event);
    if (!this.gesture) {
      this.hover(point);
      return;
    }
    if (this.gesture.kind === "draw") {
      this.bench.draft = between(this.gesture.from, point, this.bench.facts);
      this.bench.tell("draft");
      return;
    }
    const { label } = this.gesture;
    this.labels.put({ ...this.current(label), shape: this.changed(this.gesture, point), draft: true });
  }

  /** @param {Point} point */
  hover(point) {
    const own = this.own();
    const handle = own ? this.handleAt(own, point) : -1;
    const { style } = this.canvas.overlay;
    if (handle >= 0) style.cursor = `${CURSORS[handle]}-resize`;
    else if (own && this.canvas.labelAt(point)?.instance === own.instance) style.cursor = "move";
    else style.cursor = this.bench.tool === "draw" ? "crosshair" : "default";
  }

  /** @param {PointerEvent} event */
  up(event) {
    const gesture = this.gesture;
    if (!gesture) return;
    this.gesture = null;
    const point = this.canvas.point(event);
    if (gesture.kind === "draw") {
      const box = between(gesture.from, point, this.bench.facts);
      this.clearDraft();
      if (this.visible(box)) this.objects.drawn(box);
      return;
    }
    const { label } = gesture;
    this.restore(label);
    const still = Math.hypot(point[0] - gesture.from[0], point[1] - gesture.from[1]) * this.canvas.scale < 2;
    if (!still) this.saving.put(label.instance, label.frame, this.changed(gesture, point));
  }

  /** Leave everything as it was before the button went down. Returns whether there was anything. */
  cancel() {
    const gesture = this.gesture;
    this.gesture = null;
    if (gesture && gesture.kind !== "draw") this.restore(gesture.label);
    this.clearDraft();
    return gesture !== null;
  }

  /**
   * The label as the gesture found it, at the version that the server has by now: an earlier change
   * of it may have been saved meanwhile.
   * @param {Label} label
   * @returns {Label}
   */
  current(label) {
    const now = this.labels.get(label.instance, label.frame);
    return { ...label, version: now?.version ?? label.version };
  }

  /** Put the label back as the gesture found it. @param {Label} label */
  restore(label) {
    const draft = this.saving.waits(label.instance, label.frame);
    this.labels.put({ ...this.current(label), draft });
  }

  clearDraft() {
    this.bench.draft = null;
    this.bench.tell("draft");
  }

  /**
   * @param {Exclude<Gesture, {kind: "draw"}>} gesture
   * @param {Point} point
   */
  changed(gesture, point) {
    const { facts } = this.bench;
    const { shape } = gesture.label;
    /** @type {Point} */
    const by = [point[0] - gesture.from[0], point[1] - gesture.from[1]];
    if (gesture.kind === "move") return moved(shape, by, facts);
    const box = resized(shape, gesture.handle, by, facts);
    return this.visible(box) ? box : shape;
  }

  /** @param {import("./types.js").BoxShape} box */
  visible(box) {
    return Math.min(box.width, box.height) * this.canvas.scale >= SMALLEST;
  }
}
