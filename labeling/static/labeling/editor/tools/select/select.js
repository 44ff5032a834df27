// @ts-check
// The tool that selects and corrects: click, drag, handles, vertices, band.

import { addedVertex, nearestEdge } from "../../geometry/vertices.js";
import { heldLabel, obstacle, selectedLabels } from "../guard.js";
import { reachOf } from "../grips.js";
import { keepChanged } from "../subject.js";
import { Band, HandleDrag, movable, MoveDrag } from "./gestures.js";
import { removeVertex, turnVisibility } from "./vertices.js";

/** @typedef {import("../../bench.js").Bench} Bench */
/** @typedef {import("../../types.js").Key} Key */
/** @typedef {import("../../types.js").Pointer} Pointer */
/** @typedef {import("../../types.js").Tool} Tool */
/** @typedef {import("../grips.js").Grips} Grips */
/** @typedef {import("./gestures.js").Gesture} Gesture */

/** @implements {Tool} */
export class SelectTool {
  /** @param {Bench} bench @param {Grips} grips */
  constructor(bench, grips) {
    this.name = "select";
    this.title = "Select";
    this.bench = bench;
    this.grips = grips;
    /** @type {Gesture | null} */
    this.gesture = null;
  }

  stop() {
    this.escape();
  }

  /** @param {Pointer} pointer */
  down(pointer) {
    if (pointer.button !== 0) return;
    this.gesture?.cancel();
    this.gesture = this.begun(pointer);
  }

  /** @param {Pointer} pointer @returns {Gesture | null} */
  begun(pointer) {
    const grabbed = this.grips.at(pointer);
    if (grabbed) return this.grab(pointer, grabbed);
    const key = this.under(pointer);
    if (key === null) return new Band(this.bench, pointer);
    const chosen = this.bench.selection.has(key);
    if (pointer.shift) this.bench.toggle(key);
    else if (!chosen) this.bench.select([key]);
    if (!this.bench.selection.has(key)) return null;
    const { held, fast } = movable(this.bench, selectedLabels(this.bench));
    const still = () => chosen && !pointer.shift && this.bench.select([key]);
    return new MoveDrag(this.bench, held, pointer, still, fast);
  }

  /** @param {Pointer} pointer @param {NonNullable<ReturnType<Grips["at"]>>} grabbed */
  grab(pointer, grabbed) {
    const { held, handle } = grabbed;
    const { path } = handle;
    if (pointer.alt && path) {
      if (held.kind === "skeleton") turnVisibility(this.bench, held, path);
      else removeVertex(this.bench, this.grips, held, path);
      return null;
    }
    const still = () => {
      if (!path) return;
      this.grips.vertex = path;
      this.bench.canvas.invalidate();
    };
    return new HandleDrag(this.bench, grabbed, pointer, still);
  }

  /** The object under the pointer; with Alt the one below the selected one. @param {Pointer} pointer @returns {Key | null} */
  under(pointer) {
    const { bench } = this;
    const top = bench.canvas.hit(pointer.x, pointer.y, { radius: reachOf(bench, pointer) });
    if (!pointer.alt || top === null) return top;
    const all = bench.canvas.hitAll(pointer.x, pointer.y);
    return all[(all.findIndex((key) => bench.selection.has(key)) + 1) % all.length] ?? top;
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    if (this.gesture) this.gesture.move(pointer);
    else this.grips.hover(pointer);
  }

  /** @param {Pointer} pointer */
  up(pointer) {
    const { gesture } = this;
    this.gesture = null;
    gesture?.move(pointer);
    gesture?.up(pointer);
    this.bench.canvas.invalidate();
  }

  /** A double click on an edge puts a vertex there. @param {Pointer} pointer */
  double(pointer) {
    const held = heldLabel(this.bench);
    if (!held || this.grips.at(pointer)) return;
    const edge = nearestEdge(held.kind, held.shape, [pointer.x, pointer.y]);
    if (!edge || edge.distance > reachOf(this.bench, pointer)) return;
    const shape = addedVertex(held.kind, held.shape, edge.path, edge.at);
    if (keepChanged(this.bench, "Add a vertex to", [{ held, shape }])) {
      this.grips.vertex = { ...edge.path, index: edge.path.index + 1 };
    }
  }

  escape() {
    if (this.gesture) {
      this.gesture.cancel();
      this.gesture = null;
      this.bench.canvas.invalidate();
      return true;
    }
    if (!this.grips.vertex) return false;
    this.grips.vertex = null;
    this.bench.canvas.invalidate();
    return true;
  }

  /** @param {Pointer} pointer */
  cursor(pointer) {
    if (this.gesture) return this.gesture.cursor;
    const over = this.grips.hover(pointer);
    if (over) return over;
    const key = this.under(pointer);
    if (key === null) return "default";
    return this.bench.selection.has(key) && !obstacle(this.bench, key) ? "move" : "pointer";
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../../canvas/viewport.js").Viewport} viewport */
  paint(context, viewport) {
    this.grips.paint(context, viewport);
    this.gesture?.paint?.(context, viewport);
  }
}
