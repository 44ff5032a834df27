// @ts-check
// Shapes that stay as they are while the pointer moves: painted once, and laid down again at every repaint.

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../canvas/viewport.js").View} View */
/** @typedef {import("../canvas/viewport.js").Viewport} Viewport */

export class Sheet {
  constructor() {
    this.canvas = document.createElement("canvas");
    /** @type {unknown[]} of what it is painted */
    this.of = [];
    /** @type {View} in which it is painted */
    this.view = { scale: 1, left: 0, top: 0 };
  }

  /**
   * @param {Context} context in CSS pixels of the stage
   * @param {Viewport} viewport
   * @param {unknown[]} of what is painted: while that and the view stay the same, so does the sheet
   * @param {(context: Context) => void} paint in CSS pixels of the stage
   */
  show(context, viewport, of, paint) {
    const dots = context.getTransform().a;
    const all = [viewport.width, viewport.height, dots, ...of];
    // A gesture moves what there is; it is painted anew when that settles.
    const stale = !viewport.moving && !sameView(this.view, viewport.view);
    if (stale || !alike(this.of, all)) this.renew(viewport, dots, all, paint);
    const ratio = viewport.scale / this.view.scale;
    const [left, top] = [viewport.left - this.view.left * ratio, viewport.top - this.view.top * ratio];
    context.drawImage(this.canvas, left, top, viewport.width * ratio, viewport.height * ratio);
  }

  /** @param {Viewport} viewport @param {number} dots @param {unknown[]} of @param {(context: Context) => void} paint */
  renew({ width, height, view }, dots, of, paint) {
    // A canvas that gets a size is wiped.
    [this.canvas.width, this.canvas.height] = [Math.round(width * dots), Math.round(height * dots)];
    [this.of, this.view] = [of, view];
    const context = /** @type {Context} */ (this.canvas.getContext("2d"));
    context.setTransform(dots, 0, 0, dots, 0, 0);
    paint(context);
  }
}

/** @param {View} one @param {View} other */
function sameView(one, other) {
  return one.scale === other.scale && one.left === other.left && one.top === other.top;
}

/** @param {unknown[]} one @param {unknown[]} other */
function alike(one, other) {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
