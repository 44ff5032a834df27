// @ts-check
// The handles of the selected object: found under the pointer and painted.

import { cursorOf, handleAt, handles } from "../geometry/handles.js";
import { bounds } from "../geometry/shapes.js";
import { samePath, vertices, visibilities } from "../geometry/vertices.js";
import { heldLabel } from "./guard.js";
import { dot, line, square, vertexWords, words } from "./ink.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Pointer} Pointer */
/** @typedef {import("../geometry/handles.js").Handle} Handle */
/** @typedef {import("../geometry/vertices.js").Path} Path */
/** @typedef {import("./guard.js").Held} Held */

/** From so many vertices on, only those near the pointer are painted. */
const MANY = 400;

/** How near something has to be, in pixels of the frame: fingers are thicker. @param {Bench} bench @param {Pointer} pointer */
export function reachOf(bench, pointer) {
  return (pointer.event.pointerType === "touch" ? 24 : 8) / bench.viewport.scale;
}

/** Whether a vertex is out of sight. @param {import("../types.js").ShapeKind} kind @param {any} shape @param {number} index */
function hidden(kind, shape, index) {
  if (kind === "polyline") return visibilities(shape)[index] !== "visible";
  return kind === "skeleton" && shape.vertices[index]?.visibility !== "visible";
}

export class Grips {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Handle | null} under the pointer */
    this.hovered = null;
    /** @type {Path | null} the vertex that keys act on */
    this.vertex = null;
    /** @type {Point | null} where the pointer is, in pixels of the frame */
    this.place = null;
    bench.on(["selection", "shown"], () => (this.vertex = null));
  }

  /** The shape as it is seen: that of the draft while it is moved. @param {Held} held */
  shapeOf({ key, shape }) {
    const { draft } = this.bench;
    return draft?.instance === key && draft.shape ? draft.shape : shape;
  }

  /** The handle under the pointer. @param {Pointer} pointer @returns {{held: Held, handle: Handle} | null} */
  at(pointer) {
    const held = heldLabel(this.bench);
    if (!held) return null;
    const all = handles(held.kind, held.shape, this.bench.viewport.scale);
    const handle = handleAt(all, [pointer.x, pointer.y], reachOf(this.bench, pointer));
    return handle && { held, handle };
  }

  /** Note what is under the pointer. @param {Pointer} pointer @returns {string | null} the cursor */
  hover(pointer) {
    const found = this.at(pointer);
    const before = this.hovered;
    this.hovered = found?.handle ?? null;
    this.place = [pointer.x, pointer.y];
    if (before !== this.hovered) this.bench.canvas.invalidate();
    return found ? cursorOf(found.handle, found.held.shape.rotation ?? 0) : null;
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../canvas/viewport.js").Viewport} viewport */
  paint(context, viewport) {
    const held = heldLabel(this.bench);
    if (!held || (this.bench.draft && this.bench.draft.instance !== held.key)) return;
    const shape = this.shapeOf(held);
    const all = handles(held.kind, shape, viewport.scale);
    if (all.some(({ kind }) => kind === "vertex")) this.paintFrame(context, viewport, held, shape, all);
    const near = all.length > MANY ? this.nearest(all) : all;
    for (const handle of [...near].reverse()) this.paintHandle(context, viewport, handle, held, shape);
    this.paintName(context, viewport, held, shape);
  }

  /** Of very many handles those that can be aimed at. @param {Handle[]} all */
  nearest(all) {
    const [x, y] = this.place ?? [NaN, NaN];
    const reach = 60 / this.bench.viewport.scale;
    return all.filter(({ kind, at, path }) => {
      const close = Math.abs(at[0] - x) < reach && Math.abs(at[1] - y) < reach;
      return kind !== "vertex" || close || (path && samePath(path, this.vertex));
    });
  }

  /** The dashed box that the grips of a shape with vertices hang on. @param {CanvasRenderingContext2D} context @param {import("../canvas/viewport.js").Viewport} viewport @param {Held} held @param {any} shape @param {Handle[]} all */
  paintFrame(context, viewport, held, shape, all) {
    if (!all.some(({ kind }) => kind === "grip")) return;
    const { left, top, width, height } = bounds(held.kind, shape);
    const [x, y] = viewport.toScreen(left, top);
    const [right, bottom] = viewport.toScreen(left + width, top + height);
    context.beginPath();
    context.rect(x - 10, y - 10, right - x + 20, bottom - y + 20);
    context.setLineDash([3, 4]);
    context.lineWidth = 1;
    context.strokeStyle = "rgb(255 255 255 / 70%)";
    context.stroke();
    context.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../canvas/viewport.js").Viewport} viewport @param {Handle} handle @param {Held} held @param {any} shape */
  paintHandle(context, viewport, handle, held, shape) {
    const at = viewport.toScreen(...handle.at);
    const { hovered } = this;
    const over = hovered !== null && hovered.kind === handle.kind && hovered.grip === handle.grip;
    if (handle.kind === "grip") square(context, at, over);
    if (handle.kind === "turn") {
      line(context, [viewport.toScreen(...handle.from), at]);
      dot(context, at, { active: over, radius: 5 });
    }
    if (handle.kind === "vertex" && handle.path) {
      const active = samePath(handle.path, this.vertex) || (over && samePath(handle.path, hovered.path));
      const hollow = hidden(held.kind, shape, handle.path.index);
      dot(context, at, { active, radius: 4, hollow });
    }
  }

  /** The name of the skeleton's vertex in hand. @param {CanvasRenderingContext2D} context @param {import("../canvas/viewport.js").Viewport} viewport @param {Held} held @param {any} shape */
  paintName(context, viewport, held, shape) {
    const path = this.hovered?.path ?? this.vertex;
    if (held.kind !== "skeleton" || !path) return;
    const vertex = shape.vertices[path.index];
    const instance = this.bench.store.instances.get(held.key);
    const name = instance && this.bench.classOf(instance).skeleton?.vertices[path.index]?.name;
    if (vertex) words(context, viewport.toScreen(vertex.x, vertex.y), vertexWords(name, vertex.visibility));
  }

  /** The vertex that keys act on, or the one under the pointer. @param {Held} held @returns {Path | null} */
  chosen(held) {
    const path = this.vertex ?? (this.hovered?.kind === "vertex" ? this.hovered.path : null);
    return path && vertices(held.kind, held.shape).some((one) => samePath(one, path)) ? path : null;
  }
}
