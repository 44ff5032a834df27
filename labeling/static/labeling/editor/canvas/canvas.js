// @ts-check
// The stage: picture, bitmasks, labels at rest, what is in hand, and what tools paint, each on its own layer.

import { paintActive } from "./active.js";
import { joined } from "./bounds.js";
import { displayOf } from "./display.js";
import { itemsAt } from "./hits.js";
import { Layer } from "./layer.js";
import { Masks } from "./masks.js";
import { Picture } from "./picture.js";
import { draftsOn, itemBounds, sceneOf } from "./scene.js";
import { Shapes } from "./shapes.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("./scene.js").Item} Item */
/** @typedef {import("./viewport.js").Viewport} Viewport */
/** @typedef {(context: CanvasRenderingContext2D, viewport: Viewport) => void} Painter */

/** CSS pixels around a pointer that count as under it. */
const RADIUS = 6;
/** Milliseconds of a repaint for what is drawn in slices: at rest, and within a gesture. */
const BUDGET = 9;
const BUDGET_MOVING = 3.5;
/** More objects in hand than this move with CSS in a gesture, like those at rest. */
const FEW = 12;

export class Canvas {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} stage
   */
  constructor(bench, stage) {
    this.bench = bench;
    this.stage = stage;
    this.place = document.createElement("div");
    this.place.className = "layers";
    this.place.setAttribute("aria-hidden", "true");
    stage.prepend(this.place);
    this.picture = new Picture(this.place);
    this.masks = new Masks(this.place);
    this.shapes = new Shapes(this.place);
    this.active = new Layer(this.place, "layer-active");
    this.top = new Layer(this.place, "layer-top");
    /** @type {Set<Painter>} paint above all labels, in CSS pixels of the stage */
    this.painters = new Set();
    this.display = displayOf(bench);
    /** The frame whose picture is shown. */
    this.frame = bench.shown;
    /** @type {Item[]} */
    this.items = [];
    /** @type {Item[]} those in hand */
    this.held = [];
    /** @type {Set<Key> | null} */
    this.dimmed = null;
    /** @type {Label[] | null} */
    this.compared = null;
    /** Whose labels drafts stand for. */
    this.drafted = "";
    this.wanted = 0;
    this.stale = true;
    this.fresh = false;
    this.dots = 1;
    this.echo = new MessageChannel();
    this.started = 0;
    this.listen();
    this.measure();
  }

  listen() {
    const { bench } = this;
    const scene = () => this.restage();
    bench.on(["instances", "selection", "visible", "reviews"], scene);
    bench.on(["draft"], () => this.redraft());
    bench.on(["labels"], ({ detail }) => {
      if (!detail || (detail.first <= this.frame && this.frame <= detail.last)) this.restage();
    });
    bench.on(["preferences"], () => this.redisplay());
    bench.on(["tool", "class", "shown"], () => this.invalidate());
    bench.viewport.addEventListener("change", () => this.invalidate());
    bench.viewport.addEventListener("settle", () => this.settle());
    new ResizeObserver(() => this.measure()).observe(this.stage);
    this.echo.port1.onmessage = () => {
      this.shapes.pace.learn(this.shapes.painted, performance.now() - this.started);
      this.shapes.painted = 0;
    };
  }

  /** All but these are dimmed; null dims none. */
  get dim() {
    return this.dimmed;
  }
  set dim(keys) {
    this.dimmed = keys;
    this.restage();
  }

  /** Labels shown as dashed ghosts, where they are of this frame. */
  get compare() {
    return this.compared;
  }
  set compare(labels) {
    this.compared = labels;
    this.invalidate();
  }

  /** Hide or show all that lies over the picture. @param {boolean} hidden */
  hideOverlays(hidden) {
    this.place.classList.toggle("bare", hidden);
  }

  /**
   * Draw the picture of a frame now, and its labels with it.
   * @param {ImageBitmap | null} bitmap null where the frame cannot be shown
   * @param {number} frame
   */
  show(bitmap, frame) {
    const { viewport } = this.bench;
    const [width, height] = this.bench.sizeOf(frame);
    if (frame !== this.frame) this.fresh = true;
    this.frame = frame;
    viewport.setFrame(width, height);
    this.picture.show(bitmap, width, height, viewport.scale * this.dots);
    this.stale = true;
    this.repaint();
  }

  /** Something that tools or pins paint has changed; labels are looked at when the shared state tells of them. */
  invalidate() {
    if (!this.wanted) this.wanted = requestAnimationFrame(() => this.repaint());
  }

  /** Labels may have changed. */
  restage() {
    this.stale = true;
    this.invalidate();
  }

  /** The draft changed; the labels at rest differ only when it stands for another one now. */
  redraft() {
    if (this.draftedNow() === this.drafted) this.invalidate();
    else this.restage();
  }

  draftedNow() {
    return draftsOn(this.bench, this.frame).map((one) => one.instance).join(" ");
  }

  redisplay() {
    this.display = displayOf(this.bench);
    this.picture.adjust(this.display);
    this.masks.fade(this.display.opacity);
    this.restage();
  }

  /** The stage or the screen has another size. */
  measure() {
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
    this.dots = window.devicePixelRatio || 1;
    for (const layer of [this.shapes, this.active, this.top]) layer.resize(width, height, this.dots);
    const [wide, high] = this.bench.sizeOf(this.frame);
    this.bench.viewport.setFrame(wide, high);
    this.bench.viewport.resize(width, height);
    this.fresh = true;
    this.redisplay();
    this.repaint();
  }

  settle() {
    const { viewport } = this.bench;
    this.picture.settle(viewport.scale * this.dots);
    this.shapes.settle(viewport.view);
    this.invalidate();
  }

  repaint() {
    cancelAnimationFrame(this.wanted);
    this.wanted = 0;
    this.started = performance.now();
    const { viewport } = this.bench;
    if (this.stale) this.rescene();
    const budget = viewport.moving ? BUDGET_MOVING : BUDGET;
    if (viewport.moving) this.shapes.move(viewport.view, this.seen());
    this.shapes.advance(budget, viewport.view);
    this.masks.work.advance(budget);
    this.picture.place(viewport.view, this.dots);
    this.masks.place(viewport.view, this.dots);
    this.paintHeld();
    this.paintTop();
    if (this.shapes.painted) this.echo.port2.postMessage(null);
    if (this.shapes.work.busy || this.masks.work.busy) this.invalidate();
  }

  /** Work out what is painted, and paint what differs. */
  rescene() {
    const { bench, fresh } = this;
    this.stale = this.fresh = false;
    this.drafted = this.draftedNow();
    this.items = sceneOf(bench, this.frame, this.display, this.dimmed);
    this.held = this.items.filter((item) => item.selected);
    this.masks.set(this.items.filter((item) => item.kind === "bitmask"), fresh);
    this.shapes.set(this.items.filter((item) => !item.selected), this.display.opacity, bench.viewport.view, fresh);
  }

  /** The part of the frame that the stage shows. @returns {Rect} */
  seen() {
    const { visible, frameWidth, frameHeight } = this.bench.viewport;
    const [left, top] = [Math.max(0, visible.left), Math.max(0, visible.top)];
    const right = Math.min(frameWidth, visible.left + visible.width);
    const bottom = Math.min(frameHeight, visible.top + visible.height);
    return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  }

  paintHeld() {
    const { active, bench, held, compared, frame, display } = this;
    const { viewport } = bench;
    if (viewport.moving && held.length + (compared?.length ?? 0) > FEW && !bench.draft) {
      active.place(viewport.view);
      return;
    }
    active.begin(viewport.view);
    paintActive(active, bench, { items: held, compare: compared, frame, display });
    active.reveal();
  }

  paintTop() {
    const { top, bench, painters } = this;
    top.begin(bench.viewport.view);
    for (const paint of [...painters, bench.tool?.paint?.bind(bench.tool)]) {
      if (!paint) continue;
      top.empty = false;
      top.stageSpace();
      top.context.save();
      paint(top.context, bench.viewport);
      top.context.restore();
    }
    top.reveal();
  }

  /**
   * The label that a click at this point of the frame means: a selected one, else the topmost.
   * @param {number} x
   * @param {number} y
   * @param {{radius?: number}} [options] CSS pixels within which lines and dots count
   * @returns {Key | null}
   */
  hit(x, y, options) {
    return this.hitAll(x, y, options)[0] ?? null;
  }

  /** All labels there, in the order in which repeated clicks should reach them. @param {number} x @param {number} y @param {{radius?: number}} [options] @returns {Key[]} */
  hitAll(x, y, { radius = RADIUS } = {}) {
    if (this.stale) this.rescene();
    const { scale } = this.bench.viewport;
    return itemsAt(this.items, x, y, radius / scale, scale).map((item) => item.key);
  }

  /** What surrounds these objects on the frame that is shown, null where none of them is. @param {Iterable<Key>} keys @returns {Rect | null} */
  around(keys) {
    const wanted = new Set(keys);
    const rects = this.items.filter((item) => wanted.has(item.key)).map(itemBounds);
    return rects.length ? rects.reduce(joined) : null;
  }
}
