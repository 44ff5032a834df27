// @ts-check
// Several objects that were found: each with its crop, its score and a button to delete it.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { bounds } from "../geometry/shapes.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sam.js").Sam} Sam */
/** @typedef {import("./types.js").Found} Found */

/** CSS pixels of a crop, from side to side. */
const SIDE = 40;
/** As a share of the object: so much of what is around it is shown. */
const MARGIN = 0.15;

export class ResultList {
  /** @param {Bench} bench @param {Sam} sam */
  constructor(bench, sam) {
    this.bench = bench;
    this.sam = sam;
    this.element = make("ul", { id: "sam-results", class: "sam-results", "aria-label": "Objects found" });
    /** @type {Found[] | null} whose rows are made */
    this.made = null;
    /** @type {Map<Found, HTMLElement>} */
    this.rows = new Map();
  }

  show() {
    const { draft, results } = this.sam;
    const found = draft && draft.mode !== "object" ? results.found : [];
    this.element.hidden = found.length === 0;
    if (found !== this.made && (found.length || this.rows.size)) {
      this.rows = new Map(found.map((one, index) => [one, this.row(one, index + 1)]));
      this.element.replaceChildren(...this.rows.values());
    }
    this.made = found;
    const kept = new Set(results.kept);
    for (const [one, row] of this.rows) row.hidden = !kept.has(one);
  }

  /** @param {Found} one @param {number} number */
  row(one, number) {
    const remove = make("button", { type: "button", class: "small quiet icon", "aria-label": `Delete object ${number}`, title: "Delete" }, icon("trash"));
    const row = make("li", { class: "sam-result" }, this.crop(one), make("span", { class: "grow" }, `Object ${number}`), make("span", { class: "number" }, one.confidence.toFixed(2)), remove);
    const point = (/** @type {Found | null} */ what) => {
      this.sam.pointed = what;
      this.bench.canvas.invalidate();
    };
    row.addEventListener("pointerenter", () => point(one));
    row.addEventListener("pointerleave", () => point(null));
    remove.addEventListener("focus", () => point(one));
    remove.addEventListener("click", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      this.sam.results.remove(one);
      this.sam.changed();
      next?.querySelector("button")?.focus();
    });
    return row;
  }

  /** What the frame shows there. @param {Found} one */
  crop(one) {
    const dots = window.devicePixelRatio || 1;
    const canvas = make("canvas", { class: "sam-crop", "aria-hidden": "true", width: String(SIDE * dots), height: String(SIDE * dots) });
    const { draft } = this.sam;
    const picture = draft && this.bench.frames.pictures.any(draft.subject.frame);
    if (!draft || !picture) return canvas;
    const { left, top, width, height } = bounds(draft.subject.of.shape, one.shape);
    const scale = picture.width / this.bench.sizeOf(draft.subject.frame)[0];
    const side = Math.max(width, height) * (1 + 2 * MARGIN) * scale;
    const [x, y] = [(left + width / 2) * scale - side / 2, (top + height / 2) * scale - side / 2];
    canvas.getContext("2d")?.drawImage(picture, x, y, side, side, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
}
