// @ts-check
// Keypoints: where the button is let go.

import { DrawingTool } from "./drawing.js";

/** @typedef {import("../types.js").Tool} Tool */
/** @typedef {import("../types.js").Pointer} Pointer */

/** @implements {Tool} */
export class PointTool extends DrawingTool {
  /** @param {Pointer} pointer */
  down(pointer) {
    if (pointer.button === 0 && this.begin()) this.move(pointer);
  }

  /** @param {Pointer} pointer */
  move(pointer) {
    if (this.subject) this.show(this.at(pointer));
  }

  /** @param {Pointer} pointer */
  up(pointer) {
    if (this.subject) this.keep(this.at(pointer));
  }

  /** @param {Pointer} pointer */
  at(pointer) {
    const [x, y] = this.placeOf(pointer);
    return { x, y, visibility: "visible" };
  }
}
