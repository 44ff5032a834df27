// @ts-check
// Polygons: new ones, holes and further parts of the selected one, and outlines that are added to a bitmask or cut from it.

import { polygonsContain, ringContains } from "../geometry/rings.js";
import { fault } from "../geometry/shapes.js";
import { frameSize, heldLabel } from "./guard.js";
import { line } from "./ink.js";
import { PathTool } from "./path.js";
import { keepChanged, nextKind } from "./subject.js";

/** @typedef {import("../types.js").Tool} Tool */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Pointer} Pointer */
/** @typedef {import("./guard.js").Held} Held */
/** @typedef {import("./masks/session.js").MaskSession} MaskSession */
/** @typedef {"new" | "hole" | "part" | "mask"} Purpose */

/** @implements {Tool} */
export class PolygonTool extends PathTool {
  /** @type {Purpose | null} what the next ring is for, when it was asked for by name */
  wanted = null;
  /** @type {Purpose} */
  purpose = "new";
  /** @type {Held | null} the polygon that gets a hole or a part */
  held = null;
  /** the outline is cut from the mask */
  cuts = false;
  /** outlines are cut from masks until said otherwise */
  cutting = false;

  /** @param {import("../bench.js").Bench} bench @param {import("./grips.js").Grips} grips @param {MaskSession} session */
  constructor(bench, grips, session) {
    super(bench, grips, "polygon", "Polygon", ["polygon", "bitmask"]);
    this.session = session;
    this.closed = true;
  }

  /** Ask for a hole or a part of the selected polygon. @param {"hole" | "part"} purpose */
  want(purpose) {
    this.bench.use(this.name);
    this.wanted = purpose;
    this.bench.say(purpose === "hole" ? "Draw the hole inside the polygon." : "Draw the part that is added to the polygon.");
  }

  /** @override @param {Pointer | null} pointer */
  opened(pointer) {
    const held = heldLabel(this.bench);
    const purpose = this.purposeOf(pointer, held);
    this.purpose = purpose;
    this.held = purpose === "hole" || purpose === "part" ? held : null;
    this.wanted = null;
    if (purpose === "mask") {
      this.cuts = this.cutting !== (pointer?.alt === true);
      return this.session.open();
    }
    return this.held !== null || this.begin() !== null;
  }

  /** @param {Pointer | null} pointer @param {Held | null} held @returns {Purpose} */
  purposeOf(pointer, held) {
    if (held?.kind === "polygon") {
      if (this.wanted) return this.wanted;
      if (pointer?.alt && polygonsContain(held.shape.polygons, [pointer.x, pointer.y])) return "hole";
      if (pointer?.shift) return "part";
    }
    return nextKind(this.bench) === "bitmask" ? "mask" : "new";
  }

  /** @override @param {Point[]} points */
  preview(points) {
    const { held } = this;
    if (this.purpose === "mask") return;
    if (!held) return this.show({ polygons: [[points]] });
    const objectClass = this.bench.store.instances.get(held.key)?.object_class ?? 0;
    const shape = this.joined(held, points);
    this.bench.setDraft({ instance: held.key, objectClass, frame: held.label.frame, shape });
  }

  /** The selected polygon with the ring as its hole or its part. @param {Held} held @param {Point[]} points */
  joined({ shape }, points) {
    if (this.purpose === "part") return { polygons: [...shape.polygons, [points]] };
    const at = this.holder(shape);
    return { polygons: shape.polygons.map((/** @type {Point[][]} */ rings, /** @type {number} */ index) => (index === at ? [...rings, points] : rings)) };
  }

  /** Which polygon of several the ring lies in. @param {any} shape */
  holder(shape) {
    const [first] = this.points;
    return first ? shape.polygons.findIndex((/** @type {Point[][]} */ rings) => polygonsContain([rings], first)) : -1;
  }

  /** @override */
  complete() {
    const { points, held } = this;
    const frame = held?.label.frame ?? this.subject?.frame ?? this.bench.shown;
    const wrong = this.lies() || fault("polygon", { polygons: [[points]] }, frameSize(this.bench, frame));
    if (wrong) {
      this.bench.say(wrong, "warn");
      return false;
    }
    if (this.purpose === "mask") return this.fill(points);
    if (!held) return this.keep({ polygons: [[points]] });
    const shape = this.joined(held, points);
    const verb = this.purpose === "hole" ? "Add a hole to" : "Add a part to";
    this.drop();
    return keepChanged(this.bench, verb, [{ held, shape }]);
  }

  /** Say what is wrong with where a hole lies. */
  lies() {
    if (this.purpose !== "hole" || !this.held) return "";
    const rings = this.held.shape.polygons[this.holder(this.held.shape)];
    const within = rings && this.points.every((point) => ringContains(rings[0], point));
    return within ? "" : "The hole reaches out of the polygon. Take points back with Backspace, or drop it with Escape.";
  }

  /** Add the outline to the mask, or cut it from it. @param {Point[]} points */
  fill(points) {
    const { cuts } = this;
    // What the session has in hand is kept below, not closed with the outline.
    this.purpose = "new";
    this.drop();
    this.session.fill([[points]], cuts ? 0 : 1);
    void this.session.keep(cuts ? "Cut from" : "Add to");
    return true;
  }

  /** @override */
  drop() {
    const { held, purpose } = this;
    this.held = null;
    if (held) this.bench.setDraft(null);
    const had = super.drop();
    if (purpose === "mask") this.session.close();
    return had || held !== null;
  }

  /** @override @param {CanvasRenderingContext2D} context @param {import("../canvas/viewport.js").Viewport} viewport */
  paint(context, viewport) {
    super.paint(context, viewport);
    if (this.purpose !== "mask" || this.points.length < 2) return;
    const ring = [...this.points, ...(this.next ? [this.next] : [])].map(([x, y]) => viewport.toScreen(x, y));
    line(context, ring, { closed: true, dashed: this.cuts, color: this.cuts ? "#ff8f84" : "#8ff0c0" });
  }
}
