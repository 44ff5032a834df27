// @ts-check
// What is drawn point by point, by clicks or freehand: the lines of polygons and polylines.

import { direction, distance } from "../geometry/points.js";
import { simplified } from "../geometry/rings.js";
import { stepped } from "../geometry/rotation.js";
import { CLICK } from "./area.js";
import { DrawingTool } from "./drawing.js";
import { reachOf } from "./grips.js";
import { dot, line, ring } from "./ink.js";
import { snap } from "./snapping.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Pointer} Pointer */
/** @typedef {import("../canvas/viewport.js").Viewport} Viewport */

/** Screen pixels between the points of a freehand line, before it is simplified. */
const SPACING = 3;
/** Screen pixels that a freehand line may stray when it is simplified. */
const TOLERANCE = 1.2;
/** Screen pixels: two clicks within this are one. */
const SAME = 3;

/** The base of tools that draw lines; a closed one ends where it began. */
export class PathTool extends DrawingTool {
  closed = false;
  /** @type {Point[]} */
  points = [];
  /** @type {Pointer | null} where the button went down, while it is held */
  pressed = null;
  /** how many points there were before it */
  before = 0;
  /** how many points there were before the freehand line that is being drawn, -1 while there is none */
  trail = -1;
  /** @type {Point | null} where the next point would go */
  next = null;
  rests = false;

  get least() {
    return this.closed ? 3 : 2;
  }

  /** Keep the line; false, and a reason is said, when it cannot be kept. @returns {boolean} */
  complete() {
    return false;
  }

  /** Show the line so far. @param {Point[]} _points */
  preview(_points) {}

  /** The line is begun. @param {Pointer | null} _pointer @returns {boolean} */
  opened(_pointer) {
    return this.begin() !== null;
  }

  /** @param {Pointer} pointer */
  down(pointer) {
    if (pointer.button !== 0) return;
    if (!this.points.length && !this.opened(pointer)) return;
    this.before = this.points.length;
    this.pressed = pointer;
    if (this.meetsFirst(pointer)) return;
    this.add(this.rest(pointer));
    this.refresh(pointer);
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    this.refresh(pointer);
    const { pressed } = this;
    if (!pressed || !this.points.length) return;
    const away = Math.hypot(pointer.screenX - pressed.screenX, pointer.screenY - pressed.screenY);
    if (this.trail < 0 && away > CLICK) this.trail = this.points.length;
    if (this.trail < 0) return;
    const last = this.points.at(-1);
    const place = this.placeOf(pointer);
    if (last && distance(last, place) * this.bench.viewport.scale >= SPACING) this.points.push(place);
  }

  /** @param {Pointer} pointer */
  up(pointer) {
    const { pressed, trail } = this;
    this.pressed = null;
    this.trail = -1;
    if (!pressed || !this.points.length) return;
    if (trail >= 0) this.endTrail(trail, pointer);
    else if (this.meetsFirst(pressed)) this.complete();
    this.refresh(pointer);
  }

  /** The press was no drawing: what it added is taken back, the line before it stays. */
  abandon() {
    if (!this.pressed) return;
    this.pressed = null;
    this.trail = -1;
    this.points.length = this.before;
    this.next = null;
    if (this.points.length) this.preview(this.points);
    else this.drop();
    this.bench.canvas.invalidate();
  }

  /** A freehand line ends; one that is all there is, or comes back to its beginning, is finished. @param {number} from @param {Pointer} pointer */
  endTrail(from, pointer) {
    const drawn = simplified(this.points.slice(from - 1), TOLERANCE / this.bench.viewport.scale, false);
    this.points = [...this.points.slice(0, from - 1), ...drawn];
    const enough = this.points.length >= this.least;
    if (enough && (from === 1 || this.meetsFirst(pointer))) this.complete();
  }

  /** Whether the pointer is on the first point of a ring that can be closed. @param {Pointer} pointer */
  meetsFirst(pointer) {
    const [first] = this.points;
    if (!first || !this.closed || this.points.length < this.least) return false;
    return distance(first, [pointer.x, pointer.y]) <= reachOf(this.bench, pointer);
  }

  /** Where a click would put a point; with Shift at a step of 15° from the last one. @param {Pointer} pointer @returns {Point} */
  rest(pointer) {
    const last = this.points.at(-1);
    /** @type {Point} */
    let wanted = [pointer.x, pointer.y];
    if (pointer.shift && last) {
      const angle = (stepped(direction(last, wanted)) * Math.PI) / 180;
      const length = distance(last, wanted);
      wanted = [last[0] + length * Math.cos(angle), last[1] + length * Math.sin(angle)];
    }
    const off = pointer.ctrl || (pointer.shift && last !== undefined);
    const { at, snapped } = snap(this.bench, wanted, { off });
    this.rests = snapped;
    return at;
  }

  /** @param {Point} point */
  add(point) {
    const last = this.points.at(-1);
    if (last && distance(last, point) * this.bench.viewport.scale < SAME) return;
    this.points.push(point);
  }

  /** @param {Pointer} pointer */
  refresh(pointer) {
    this.next = this.trail >= 0 ? null : this.rest(pointer);
    if (this.points.length) this.preview(this.next ? [...this.points, this.next] : this.points);
    this.bench.canvas.invalidate();
  }

  /** @param {Pointer} _pointer */
  double(_pointer) {
    if (this.points.length) this.finish();
  }

  /** A right click ends the line. @param {Pointer} _pointer */
  context(_pointer) {
    return this.finish();
  }

  finish() {
    if (!this.points.length) return false;
    this.complete();
    return true;
  }

  /** Take the last point back. @returns {boolean} */
  back() {
    if (!this.points.length) return false;
    this.points.pop();
    if (!this.points.length) this.drop();
    else this.preview(this.next ? [...this.points, this.next] : this.points);
    this.bench.canvas.invalidate();
    return true;
  }

  /** Another tool, class or frame: what can be kept is kept, what is dropped is said. @override */
  stop() {
    const count = this.points.length;
    if (count >= this.least && this.complete()) return;
    this.drop();
    this.next = null;
    if (count) this.bench.say(`The unfinished ${this.title.toLowerCase()} was dropped.`, "warn");
  }

  /** @override */
  drop() {
    const had = this.points.length > 0;
    this.points = [];
    this.pressed = null;
    this.trail = -1;
    return super.drop() || had;
  }

  /** @override @param {Pointer} pointer */
  cursor(pointer) {
    return this.meetsFirst(pointer) ? "pointer" : "crosshair";
  }

  /** @override @param {CanvasRenderingContext2D} context @param {Viewport} viewport */
  paint(context, viewport) {
    if (this.next && this.rests) ring(context, viewport.toScreen(...this.next));
    const [first] = this.points;
    if (!first) return;
    const shown = [...this.points, ...(this.next ? [this.next] : [])].map(([x, y]) => viewport.toScreen(x, y));
    line(context, shown);
    for (const at of this.trail < 0 ? shown.slice(1, this.points.length) : []) dot(context, at, { radius: 3 });
    dot(context, viewport.toScreen(...first), { active: this.closed && this.points.length >= this.least, radius: 4 });
  }
}
