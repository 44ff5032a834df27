// @ts-check
// The labels that stand still, outlines and names. Few changes are mended where they are; many labels are drawn in
// slices behind the scenes; in a gesture CSS moves what is there, unless drawing all of it is cheap.

import { overlap } from "./bounds.js";
import { changesBetween } from "./changes.js";
import { Layer } from "./layer.js";
import { paintItem, paintedRect, penFor, weightOf } from "./paint/item.js";
import { Pace } from "./pace.js";
import { Work } from "./work.js";

/** @typedef {import("./viewport.js").View} View */
/** @typedef {import("./scene.js").Item} Item */
/** @typedef {import("../types.js").Rect} Rect */

const OVERSCAN = 160;
/** Milliseconds that one repaint may take for it. */
const CHEAP = 4;
/** Milliseconds for labels of a frame that is shown just now: they should come with its picture. */
const AT_ONCE = 14;
/** From so many labels on, lines are thin. */
const MANY = 200;
/** Zoomed further than this against what was drawn, it is drawn anew within the gesture. */
const STRETCH = 2;

export class Shapes {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.layer = new Layer(place, "layer-shapes", OVERSCAN);
    this.behind = new Layer(document.createElement("div"), "layer-behind", OVERSCAN);
    /** @type {Item[]} */
    this.items = [];
    this.opacity = 1;
    this.weight = 0;
    this.work = new Work();
    /** @type {View} the view that is drawn by the work */
    this.target = this.layer.drawn;
    this.pace = new Pace();
    /** Corners painted since somebody asked. */
    this.painted = 0;
  }

  /** @param {number} width @param {number} height @param {number} dots */
  resize(width, height, dots) {
    this.layer.resize(width, height, dots);
    this.behind.resize(width, height, dots);
    this.work.drop();
  }

  /** What drawing all would take, in milliseconds. */
  get cost() {
    return this.pace.cost(this.weight);
  }

  get thin() {
    return this.items.length > MANY;
  }

  /**
   * @param {Item[]} items in painting order
   * @param {number} opacity of fills
   * @param {View} view
   * @param {boolean} fresh of another frame: what was there must not stay
   */
  set(items, opacity, view, fresh) {
    const before = this.items;
    const [wasThin, wasOpaque, unfinished] = [this.thin, this.opacity, this.work.busy];
    this.items = items;
    this.opacity = opacity;
    const changed = fresh ? null : changesBetween(before, items);
    if (changed?.length === 0 && wasOpaque === opacity) return;
    this.weight = items.reduce((sum, one) => sum + weightOf(one), 0);
    if (fresh) this.layer.begin(view);
    const all = !changed || wasThin !== this.thin || wasOpaque !== opacity || unfinished;
    if (all || !this.mend(changed)) this.draw(view, fresh);
  }

  /**
   * Draw all for this view: at once when that is cheap, else in slices.
   * @param {View} view
   * @param {boolean} [open] in slices that are seen, where there is nothing else to be seen
   */
  draw(view, open = false) {
    this.target = view;
    if (open || this.cost <= CHEAP) {
      this.layer.begin(view);
      this.work.begin(this.paint(this.layer));
    } else {
      this.behind.begin(view);
      this.work.begin(this.paintBehind());
    }
    if (this.cost <= CHEAP) this.work.advance(Infinity);
    else if (open) this.work.advance(AT_ONCE);
  }

  /** @param {Layer} layer @returns {import("./work.js").Steps} */
  *paint(layer) {
    const { context, dots } = layer;
    const pen = penFor(layer.drawn.scale, dots, this.opacity, this.thin);
    const covered = layer.covered();
    for (const item of this.items) {
      if (!overlap(paintedRect(item, pen), covered)) continue;
      layer.empty = false;
      layer.reveal();
      layer.frameSpace(context);
      paintItem(context, item, pen);
      const weight = weightOf(item);
      this.painted += weight;
      yield this.pace.cost(weight);
    }
  }

  /** @returns {import("./work.js").Steps} */
  *paintBehind() {
    const { layer, behind } = this;
    yield* this.paint(behind);
    layer.begin(behind.drawn);
    layer.context.setTransform(1, 0, 0, 1, 0, 0);
    layer.context.drawImage(behind.canvas, 0, 0);
    layer.empty = behind.empty;
    layer.reveal();
  }

  /**
   * Draw only where something changed; false where that would be no less work.
   * @param {Item[]} changed as they were and as they are
   */
  mend(changed) {
    if (changed.length > 24) return false;
    const { layer } = this;
    const { context, dots } = layer;
    const pen = penFor(layer.drawn.scale, dots, this.opacity, this.thin);
    const rects = changed.map((item) => paintedRect(item, pen));
    const near = this.items.filter((item) => {
      const painted = paintedRect(item, pen);
      return rects.some((rect) => overlap(rect, painted));
    });
    if (near.length > 40 && this.pace.cost(near.reduce((sum, one) => sum + weightOf(one), 0)) > 2 * CHEAP) return false;
    context.save();
    layer.frameSpace(context);
    clipTo(context, rects, layer);
    for (const item of near) paintItem(context, item, pen);
    context.restore();
    layer.empty &&= near.length === 0;
    layer.reveal();
    return true;
  }

  /** A step of a gesture. @param {View} view @param {Rect} seen of the frame */
  move(view, seen) {
    if (this.cost <= CHEAP) {
      this.draw(view);
      return;
    }
    this.layer.place(view);
    const ratio = view.scale / this.layer.drawn.scale;
    const stretched = ratio > STRETCH || ratio < 1 / STRETCH;
    if (!this.work.busy && (stretched || !within(seen, this.layer.covered()))) this.draw(view);
  }

  /** The gesture is over. @param {View} view */
  settle(view) {
    this.layer.place(view);
    const { scale, left, top } = this.work.busy ? this.target : this.layer.drawn;
    if (scale !== view.scale || left !== view.left || top !== view.top) this.draw(view);
  }

  /** Go on with what is drawn in slices. @param {number} budget milliseconds @param {View} view */
  advance(budget, view) {
    if (!this.work.busy) return;
    this.work.advance(budget);
    this.layer.place(view);
  }
}

/** @param {Rect} inner @param {Rect} outer */
function within(inner, outer) {
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.left + inner.width <= outer.left + outer.width &&
    inner.top + inner.height <= outer.top + outer.height
  );
}

/**
 * Wipe these parts, and keep what is painted to them; they are widened to whole device pixels.
 * @param {CanvasRenderingContext2D} context measured in pixels of the frame
 * @param {Rect[]} rects
 * @param {Layer} layer
 */
function clipTo(context, rects, layer) {
  const matrix = context.getTransform();
  const area = new Path2D();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const { left, top, width, height } of rects) {
    const [x, y] = [Math.floor(left * matrix.a + matrix.e), Math.floor(top * matrix.d + matrix.f)];
    const right = Math.ceil((left + width) * matrix.a + matrix.e);
    const bottom = Math.ceil((top + height) * matrix.d + matrix.f);
    area.rect(x, y, right - x, bottom - y);
    context.clearRect(x, y, right - x, bottom - y);
  }
  context.clip(area);
  layer.frameSpace(context);
}
