// @ts-check
// Pointing without a mouse: a crosshair that the arrow keys move over the frame.

import { chordText } from "../actions/chords.js";
import { between } from "../geometry/boxes.js";
import { inside } from "../geometry/points.js";
import { frameSize } from "../tools/guard.js";
import { band, cross } from "../tools/ink.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../canvas/viewport.js").Viewport} Viewport */
/** @typedef {import("./sam.js").Sam} Sam */

/** CSS pixels that a key moves it: what is zoomed in is pointed at more finely. */
const STEP = 5;
const FAR = 10;
/** CSS pixels from the edge of the stage: nearer the frame moves along. */
const EDGE = 32;
/** @type {[string, string][]} */
const KEYS = [["sam.include", "includes"], ["sam.exclude", "excludes"], ["sam.span", "begins and ends a box"]];

export class Aim {
  /** @param {Sam} sam */
  constructor(sam) {
    this.sam = sam;
    /** @type {Point | null} in pixels of the frame; null while a mouse points */
    this.at = null;
    /** @type {Point | null} where a box begins */
    this.corner = null;
  }

  /** @param {Point} by steps to the right and down @param {boolean} far */
  move([dx, dy], far) {
    const { bench } = this.sam;
    const step = (STEP * (far ? FAR : 1)) / bench.viewport.scale;
    const [x, y] = this.at ?? this.start();
    this.at = inside([x + dx * step, y + dy * step], frameSize(bench));
    this.follow(this.at);
    this.sam.changed();
  }

  /** The point that was set last, else the middle of what is seen. @returns {Point} */
  start() {
    const { draft, bench } = this.sam;
    const last = draft?.points.at(-1);
    const { left, top, width, height } = bench.viewport.visible;
    return last ? [last.x, last.y] : [left + width / 2, top + height / 2];
  }

  /** Keep it in sight. @param {Point} at */
  follow(at) {
    const { viewport } = this.sam.bench;
    const [x, y] = viewport.toScreen(...at);
    viewport.panBy(missing(x, viewport.width), missing(y, viewport.height));
  }

  /** @param {boolean} include */
  click(include) {
    if (!this.at) return;
    const [x, y] = this.at;
    this.sam.click({ x, y, include });
  }

  /** Begin a box, or end the one that was begun. */
  span() {
    const { at, corner } = this;
    if (!at) return;
    this.corner = corner ? null : at;
    const box = corner && between(corner, at);
    if (box && box.width > 0 && box.height > 0) this.sam.drag(box);
    else this.sam.changed();
  }

  /** A mouse points again, or nobody does. @returns {boolean} whether it was shown */
  hide() {
    if (!this.at) return false;
    [this.at, this.corner] = [null, null];
    this.sam.changed();
    return true;
  }

  /** @param {CanvasRenderingContext2D} context in CSS pixels of the stage @param {Viewport} viewport */
  paint(context, viewport) {
    const { at, corner } = this;
    if (!at) return;
    if (corner) {
      const { left, top, width, height } = between(corner, at);
      const [x, y] = viewport.toScreen(left, top);
      band(context, { left: x, top: y, width: width * viewport.scale, height: height * viewport.scale });
    }
    cross(context, viewport.toScreen(...at), viewport);
  }

  /** Where it is and what keys do there, in words; empty while it is not shown. */
  get sentence() {
    if (!this.at) return "";
    const [x, y] = this.at.map(Math.round);
    const { actions } = this.sam.bench;
    const told = KEYS.flatMap(([id, does]) => actions.chordsOf(id).slice(0, 1).map((chord) => `${chordText(chord)} ${does}`));
    return `At ${x}, ${y}: ${told.join(", ")}.`;
  }
}

/** How far a place has to be moved to lie within the stage. @param {number} at @param {number} room */
function missing(at, room) {
  return Math.max(EDGE - at, 0) + Math.min(room - EDGE - at, 0);
}
