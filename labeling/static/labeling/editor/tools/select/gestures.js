// @ts-check
// What a pressed pointer does with what it took hold of: drag a handle, move labels, span a band.

import { between, meet } from "../../geometry/boxes.js";
import { dragHandle } from "../../geometry/handles.js";
import { bounds, limited, move, same } from "../../geometry/shapes.js";
import { frameSize, obstacle } from "../guard.js";
import { band, ring } from "../ink.js";
import { snap } from "../snapping.js";
import { keepChanged } from "../subject.js";

/** @typedef {import("../../bench.js").Bench} Bench */
/** @typedef {import("../../types.js").Point} Point */
/** @typedef {import("../../types.js").Pointer} Pointer */
/** @typedef {import("../../canvas/viewport.js").Viewport} Viewport */
/** @typedef {import("../guard.js").Held} Held */
/** @typedef {import("../../geometry/handles.js").Handle} Handle */

/** Screen pixels: a shorter drag is a click. */
export const STILL = 3;

/**
 * @typedef {object} Gesture
 * @property {string} cursor
 * @property {(pointer: Pointer) => void} move
 * @property {(pointer: Pointer) => void} up
 * @property {() => void} cancel leave everything as it was
 * @property {(context: CanvasRenderingContext2D, viewport: import("../../canvas/viewport.js").Viewport) => void} [paint]
 */

/** @param {Pointer} start @param {Pointer} now */
function strayed(start, now) {
  return Math.hypot(now.screenX - start.screenX, now.screenY - start.screenY) >= STILL;
}

/** Show labels as they are being changed. @param {Bench} bench @param {{held: Held, shape: any}[]} changes */
export function showDraft(bench, changes) {
  const [first, ...others] = changes.map(({ held, shape }) => ({
    instance: held.key,
    objectClass: bench.store.instances.get(held.key)?.object_class ?? 0,
    frame: held.label.frame,
    shape,
  }));
  bench.setDraft(first ? { ...first, others } : null);
}

/** Resizing, turning, moving a vertex. @implements {Gesture} */
export class HandleDrag {
  /**
   * @param {Bench} bench
   * @param {{held: Held, handle: Handle}} grabbed
   * @param {Pointer} start
   * @param {() => void} still what a click on the handle means
   */
  constructor(bench, { held, handle }, start, still) {
    this.bench = bench;
    this.held = held;
    this.handle = handle;
    this.start = start;
    this.still = still;
    this.moved = false;
    this.shape = held.shape;
    /** @type {Point | null} */
    this.rest = null;
    this.cursor = handle.kind === "turn" ? "grabbing" : "crosshair";
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    if (!this.moved && !strayed(this.start, pointer)) return;
    this.moved = true;
    const { bench, held, handle, start } = this;
    const origin = handle.kind === "turn" ? handle.at : handle.from;
    /** @type {Point} */
    const wanted = [origin[0] + pointer.x - start.x, origin[1] + pointer.y - start.y];
    const target = handle.kind === "turn" ? wanted : this.snapped(wanted, pointer);
    const options = { ratio: pointer.shift, centre: pointer.alt, step: pointer.shift };
    this.shape = dragHandle(held.kind, held.shape, handle, target, options, frameSize(bench, held.label.frame));
    showDraft(bench, [{ held, shape: this.shape }]);
  }

  /** @param {Point} wanted @param {Pointer} pointer @returns {Point} */
  snapped(wanted, pointer) {
    const { held, handle } = this;
    const rests = handle.kind === "vertex" && (held.kind === "polygon" || held.kind === "polyline");
    if (!rests) return wanted;
    const { at, snapped } = snap(this.bench, wanted, { off: pointer.ctrl, except: held.key });
    this.rest = snapped ? at : null;
    return at;
  }

  /** @param {Pointer} pointer */
  up(pointer) {
    this.bench.setDraft(null);
    if (!this.moved) this.still();
    else this.keep(pointer);
  }

  /** @param {Pointer} _pointer */
  keep(_pointer) {
    const { bench, held, handle, shape } = this;
    if (same(shape, held.shape)) return;
    const verb = { grip: "Resize", turn: "Turn", vertex: held.kind === "skeleton" ? "Move a vertex of" : "Reshape" }[handle.kind];
    keepChanged(bench, verb, [{ held, shape }]);
  }

  cancel() {
    this.bench.setDraft(null);
  }

  /** @param {CanvasRenderingContext2D} context @param {Viewport} viewport */
  paint(context, viewport) {
    if (this.rest) ring(context, viewport.toScreen(...this.rest));
  }
}

/** Moving labels, one or several. @implements {Gesture} */
export class MoveDrag {
  /**
   * @param {Bench} bench
   * @param {Held[]} held what is moved; empty when all of it is held fast, for the reason `fast`
   * @param {Pointer} start
   * @param {() => void} still what a click means
   * @param {string} fast
   */
  constructor(bench, held, start, still, fast) {
    this.bench = bench;
    this.held = held;
    this.start = start;
    this.still = still;
    this.fast = fast;
    this.moved = false;
    /** @type {{held: Held, shape: any}[]} */
    this.changes = [];
    this.cursor = held.length ? "move" : "not-allowed";
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    if (!this.moved && !strayed(this.start, pointer)) return;
    if (!this.moved && this.fast) this.bench.say(this.fast, "warn");
    this.moved = true;
    if (!this.held.length) return;
    const size = frameSize(this.bench);
    const by = together(this.held, [pointer.x - this.start.x, pointer.y - this.start.y], size);
    this.changes = this.held.map((held) => ({ held, shape: move(held.kind, held.shape, by, size) }));
    showDraft(this.bench, this.changes);
  }

  up() {
    this.bench.setDraft(null);
    const changed = this.changes.filter(({ held, shape }) => !same(held.shape, shape));
    if (!this.moved) this.still();
    else if (changed.length) keepChanged(this.bench, "Move", changed);
  }

  cancel() {
    this.bench.setDraft(null);
  }
}

/**
 * As much of a move as the frame allows to all: they keep their distances.
 * @param {Held[]} held
 * @param {Point} by
 * @param {{width: number, height: number}} size
 * @returns {Point}
 */
export function together(held, by, size) {
  return held.reduce((left, { kind, shape }) => limited(kind, shape, left, size), by);
}

/** Selecting what a band spans. @implements {Gesture} */
export class Band {
  /** @param {Bench} bench @param {Pointer} start */
  constructor(bench, start) {
    this.bench = bench;
    this.start = start;
    this.end = start;
    this.cursor = "crosshair";
    this.before = start.shift ? [...bench.selection] : [];
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    this.end = pointer;
    this.bench.canvas.invalidate();
  }

  /** @param {Pointer} pointer */
  up(pointer) {
    this.end = pointer;
    this.bench.canvas.invalidate();
    if (strayed(this.start, pointer)) this.bench.select(new Set([...this.before, ...this.spanned()]));
    else if (!pointer.shift) this.bench.select([]);
  }

  /** What the band touches, but for objects that it lies wholly in. */
  spanned() {
    const { bench, start, end } = this;
    const box = between([start.x, start.y], [end.x, end.y]);
    return bench.store.labelsOn(bench.shown).flatMap(({ instance: key, shape }) => {
      const instance = bench.store.instances.get(key);
      if (!shape || !instance || bench.hidden.has(key)) return [];
      const around = bounds(bench.classOf(instance).shape, shape);
      const lies = around.left <= box.left && around.top <= box.top &&
        around.left + around.width >= box.left + box.width && around.top + around.height >= box.top + box.height;
      return meet(around, box) && !lies ? [key] : [];
    });
  }

  cancel() {
    this.bench.canvas.invalidate();
  }

  /** @param {CanvasRenderingContext2D} context */
  paint(context) {
    if (!strayed(this.start, this.end)) return;
    band(context, between([this.start.screenX, this.start.screenY], [this.end.screenX, this.end.screenY]));
  }
}

/** The labels among those held that may be changed, and the reason why the others may not. @param {Bench} bench @param {Held[]} all */
export function movable(bench, all) {
  const fast = all.map(({ key }) => obstacle(bench, key)).find(Boolean) ?? "";
  return { held: all.filter(({ key }) => !obstacle(bench, key)), fast };
}
