// @ts-check
// Polylines: point by point or freehand, ended by Enter, a double click or a right click.

import { fault } from "../geometry/shapes.js";
import { frameSize } from "./guard.js";
import { PathTool } from "./path.js";

/** @typedef {import("../types.js").Tool} Tool */
/** @typedef {import("../types.js").Point} Point */

/** @implements {Tool} */
export class PolylineTool extends PathTool {
  /** @override @param {Point[]} points */
  preview(points) {
    this.show({ points });
  }

  /** @override */
  complete() {
    const { subject, points } = this;
    if (!subject) return false;
    const wrong = fault("polyline", { points }, frameSize(this.bench, subject.frame));
    if (!wrong) return this.keep({ points });
    this.bench.say(wrong, "warn");
    return false;
  }
}
