// @ts-check
// The two layers over each other: the picture, and the labels of the frame that it shows.

import { paintDraft, paintLabel } from "./paint.js";
import { hits } from "./shapes.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./labels.js").Labels} Labels */
/** @typedef {import("./types.js").Label} Label */
/** @typedef {import("./types.js").Point} Point */

const MARGIN = 16;

export class Canvas {
  /**
   * @param {Bench} bench
   * @param {Labels} labels
   * @param {HTMLCanvasElement} picture
   * @param {HTMLCanvasElement} overlay
   */
  constructor(bench, labels, picture, overlay) {
    this.bench = bench;
    this.labels = labels;
    this.picture = picture;
    this.overlay = overlay;
    this.back = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
    this.front = /** @type {CanvasRenderingContext2D} */ (overlay.getContext("2d"));
    /** @type {ImageBitmap | null} */
    this.bitmap = null;
    // CSS pixels a pixel of the frame, and where the frame begins.
    this.scale = 1;
    this.left = 0;
    this.top = 0;
    this.dots = 1;
    this.wanted = 0;
    bench.on(["labels", "instances", "selection", "draft", "shown"], () => this.soon());
  }

  /**
   * Fit the frame into so many CSS pixels; returns how many device pixels wide it is then.
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    const { facts } = this.bench;
    this.dots = window.devicePixelRatio || 1;
    for (const canvas of [this.picture, this.overlay]) {
      canvas.width = Math.max(1, Math.round(width * this.dots));
      canvas.height = Math.max(1, Math.round(height * this.dots));
    }
    const [wide, high] = [Math.max(1, width - 2 * MARGIN), Math.max(1, height - 2 * MARGIN)];
    this.scale = Math.min(wide / facts.width, high / facts.height);
    this.left = (width - facts.width * this.scale) / 2;
    this.top = (height - facts.height * this.scale) / 2;
    this.drawPicture();
    this.draw();
    return facts.width * this.scale * this.dots;
  }

  /** @param {CanvasRenderingContext2D} context to be measured in pixels of the frame */
  frameSpace(context) {
    const scale = this.scale * this.dots;
    context.setTransform(scale, 0, 0, scale, this.left * this.dots, this.top * this.dots);
  }

  /** @param {ImageBitmap | null} bitmap null where the frame cannot be shown */
  show(bitmap) {
    this.bitmap = bitmap;
    this.drawPicture();
  }

  drawPicture() {
    const { facts } = this.bench;
    this.back.setTransform(1, 0, 0, 1, 0, 0);
    this.back.clearRect(0, 0, this.picture.width, this.picture.height);
    if (!this.bitmap) return;
    this.frameSpace(this.back);
    this.back.imageSmoothingQuality = "high";
    this.back.drawImage(this.bitmap, 0, 0, facts.width, facts.height);
  }

  /** Draw the labels at the next repaint, once however often it is asked. */
  soon() {
    if (!this.wanted) this.wanted = requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.wanted);
    this.wanted = 0;
    const { draft, ghost, shown, classId, classes } = this.bench;
    this.front.setTransform(1, 0, 0, 1, 0, 0);
    this.front.clearRect(0, 0, this.overlay.width, this.overlay.height);
    this.frameSpace(this.front);
    for (const label of this.ordered()) this.drawLabel(label);
    if (ghost?.shape && ghost.frame === shown) this.drawLabel({ ...ghost, protected: false }, "Theirs");
    if (draft) paintDraft(this.front, draft, classes.get(classId ?? 0)?.color ?? "#ffffff", 1 / this.scale);
  }

  /** @returns {Label[]} what is drawn, the selected ones on top */
  ordered() {
    const { selection, shown } = this.bench;
    const drawn = this.labels.on(shown).filter((one) => one.shape && this.bench.instances.has(one.instance));
    return drawn.sort((a, b) => Number(selection.has(a.instance)) - Number(selection.has(b.instance)));
  }

  /**
   * @param {Label} label
   * @param {string} [name] instead of the object's
   */
  drawLabel(label, name) {
    const { bench } = this;
    const instance = bench.instances.get(label.instance);
    if (!instance) return;
    const face = {
      of: bench.classOf(instance),
      name: name ?? instance.name,
      selected: bench.selection.has(instance.id),
      editable: bench.facts.mayEdit && label.review !== "accepted",
      width: bench.facts.width,
    };
    paintLabel(this.front, label, face, 1 / this.scale);
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point} in pixels of the frame, which may lie outside of it
   */
  point(event) {
    const box = this.overlay.getBoundingClientRect();
    return [
      (event.clientX - box.left - this.left) / this.scale,
      (event.clientY - box.top - this.top) / this.scale,
    ];
  }

  /**
   * @param {Point} point
   * @returns {Label | null} the topmost label there
   */
  labelAt(point) {
    this.front.setTransform(1, 0, 0, 1, 0, 0);
    for (const label of this.ordered().reverse()) {
      const instance = this.bench.instances.get(label.instance);
      if (instance && hits(this.front, this.bench.classOf(instance), label.shape, point, this.scale)) return label;
    }
    return null;
  }
}
