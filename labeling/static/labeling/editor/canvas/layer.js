// @ts-check
// A canvas over the stage. It remembers the view that it was drawn in, so that CSS can move it to another meanwhile.

/** @typedef {import("./viewport.js").View} View */
/** @typedef {import("../types.js").Rect} Rect */

export class Layer {
  /**
   * @param {HTMLElement} place
   * @param {string} id
   * @param {number} [overscan] CSS pixels that it reaches over each edge of the stage
   */
  constructor(place, id, overscan = 0) {
    this.canvas = document.createElement("canvas");
    this.canvas.id = id;
    this.canvas.setAttribute("aria-hidden", "true");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.overscan = overscan;
    this.dots = 1;
    this.width = 1;
    this.height = 1;
    /** @type {View} that the pixels were drawn in */
    this.drawn = { scale: 1, left: 0, top: 0 };
    /** Nothing was drawn since it was cleared. */
    this.empty = true;
    place.append(this.canvas);
  }

  /** @param {number} width of the stage @param {number} height @param {number} dots device pixels a CSS pixel */
  resize(width, height, dots) {
    this.width = width + 2 * this.overscan;
    this.height = height + 2 * this.overscan;
    this.dots = dots;
    this.canvas.width = Math.max(1, Math.round(this.width * dots));
    this.canvas.height = Math.max(1, Math.round(this.height * dots));
    this.canvas.style.width = `${this.canvas.width / dots}px`;
    this.canvas.style.height = `${this.canvas.height / dots}px`;
    this.empty = true;
  }

  /** An empty layer costs the compositor as much as a full one. */
  reveal() {
    if (this.canvas.hidden !== this.empty) this.canvas.hidden = this.empty;
  }

  /** Wipe it, and be drawn in this view from now on. @param {View} view */
  begin(view) {
    this.drawn = view;
    if (!this.empty) {
      this.context.setTransform(1, 0, 0, 1, 0, 0);
      this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    }
    this.empty = true;
    this.place(view);
  }

  /** Move what was drawn to where it belongs in this view. @param {View} view */
  place({ scale, left, top }) {
    const { drawn, overscan } = this;
    const ratio = scale / drawn.scale;
    const [x, y] = [left - (overscan + drawn.left) * ratio, top - (overscan + drawn.top) * ratio];
    this.canvas.style.transform = `translate(${x}px, ${y}px) scale(${ratio})`;
  }

  /** Measure in pixels of the frame from now on. @param {CanvasRenderingContext2D} [context] of a canvas of the same size */
  frameSpace(context = this.context) {
    const scale = this.drawn.scale * this.dots;
    const [x, y] = [this.overscan + this.drawn.left, this.overscan + this.drawn.top];
    context.setTransform(scale, 0, 0, scale, x * this.dots, y * this.dots);
  }

  /** Measure in CSS pixels of the stage from now on. */
  stageSpace() {
    this.context.setTransform(this.dots, 0, 0, this.dots, this.overscan * this.dots, this.overscan * this.dots);
  }

  /** The part of the frame that it covers in the view that it was drawn in. @param {View} [view] @returns {Rect} */
  covered({ scale, left, top } = this.drawn) {
    return {
      left: -(left + this.overscan) / scale,
      top: -(top + this.overscan) / scale,
      width: this.width / scale,
      height: this.height / scale,
    };
  }
}
