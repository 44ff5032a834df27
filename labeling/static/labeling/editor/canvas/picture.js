// @ts-check
// The picture of the frame. It is drawn once, in its own pixels; CSS alone moves and zooms it, brightens it too.

/** @typedef {import("./viewport.js").View} View */
/** @typedef {import("./display.js").Display} Display */

/** From this size of a pixel on, in device pixels, its edges are shown. */
const PIXELATED = 3;
/** Halvings at most, for pictures shown much smaller than they are. */
const HALVINGS = 5;

export class Picture {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.canvas = document.createElement("canvas");
    this.canvas.id = "layer-image";
    this.canvas.setAttribute("aria-hidden", "true");
    this.canvas.width = this.canvas.height = 1;
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** @type {ImageBitmap | null} */
    this.bitmap = null;
    /** Pixels of the frame. */
    this.width = 1;
    this.height = 1;
    /** How often the picture was halved: the compositor smooths over two pixels, not over ten. */
    this.halvings = 0;
    place.append(this.canvas);
  }

  /**
   * @param {ImageBitmap | null} bitmap may be smaller than the frame; null where it cannot be shown
   * @param {number} width of the frame
   * @param {number} height
   * @param {number} scale device pixels a pixel of the frame
   */
  show(bitmap, width, height, scale) {
    this.bitmap = bitmap;
    this.width = width;
    this.height = height;
    this.halvings = this.fitting(scale);
    this.draw();
  }

  /** Draw it anew if it is shown much smaller or larger than it was drawn. @param {number} scale device pixels a pixel of the frame */
  settle(scale) {
    const halvings = this.fitting(scale);
    if (!this.bitmap || halvings === this.halvings) return;
    this.halvings = halvings;
    this.draw();
  }

  /** @param {number} scale */
  fitting(scale) {
    const shown = this.bitmap ? (this.width / this.bitmap.width) * scale : 1;
    return Math.min(HALVINGS, Math.max(0, Math.floor(-Math.log2(shown) + 0.01)));
  }

  draw() {
    const { bitmap, canvas, context } = this;
    canvas.hidden = !bitmap;
    if (!bitmap) return;
    const width = Math.max(1, Math.round(bitmap.width / 2 ** this.halvings));
    const height = Math.max(1, Math.round(bitmap.height / 2 ** this.halvings));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.imageSmoothingQuality = "high";
    context.globalCompositeOperation = "copy";
    context.drawImage(bitmap, 0, 0, width, height);
  }

  /** @param {View} view @param {number} dots */
  place({ scale, left, top }, dots) {
    const { canvas, width, height } = this;
    const [x, y] = [(width / canvas.width) * scale, (height / canvas.height) * scale];
    canvas.style.transform = `translate(${left}px, ${top}px) scale(${x}, ${y})`;
    const rendering = x * dots > PIXELATED ? "pixelated" : "auto";
    if (canvas.style.imageRendering !== rendering) canvas.style.imageRendering = rendering;
  }

  /** @param {Display} display */
  adjust({ brightness, contrast }) {
    const plain = brightness === 1 && contrast === 1;
    this.canvas.style.filter = plain ? "" : `brightness(${brightness}) contrast(${contrast})`;
  }
}
