// @ts-check
// Two frames before and after the item under review, cut out around it.

import { make } from "../../shared/dom.js";
import { bounds } from "../geometry/shapes.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Rect} Rect */

const REACH = 2;
const WIDE = 640;
const SIDE = 56;
const AROUND = 0.6;

export class Strip {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} place
   */
  constructor(bench, place) {
    this.bench = bench;
    this.place = place;
    /** @type {AbortController | null} */
    this.asking = null;
  }

  /**
   * Show the frames around `frame`, cut out around the label of the object there; none without a label.
   * @param {string} key
   * @param {number} frame
   */
  show(key, frame) {
    this.asking?.abort();
    this.place.replaceChildren();
    const { bench } = this;
    const shape = bench.store.label(key, frame)?.shape;
    const instance = bench.store.instances.get(key);
    if (!shape || !instance) return;
    const rect = around(bounds(bench.classOf(instance).shape, shape));
    const asking = (this.asking = new AbortController());
    for (let one = Math.max(frame - REACH, bench.facts.first); one <= Math.min(frame + REACH, bench.facts.last); one += 1) {
      this.place.append(this.cell(one, frame, rect, asking.signal));
    }
  }

  /**
   * @param {number} frame
   * @param {number} current
   * @param {Rect} rect
   * @param {AbortSignal} signal
   */
  cell(frame, current, rect, signal) {
    const canvas = make("canvas", { width: String(2 * SIDE), height: String(2 * SIDE), "aria-hidden": "true" });
    const button = make("button", { type: "button", class: "cell", "aria-label": `Frame ${frame}`, title: `Frame ${frame}` }, canvas);
    if (frame === current) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => this.bench.go(frame));
    // A neighbour that cannot be shown stays empty; the frame itself says why when it is opened.
    this.draw(canvas, frame, rect, signal).catch(() => {});
    return button;
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} frame
   * @param {Rect} rect
   * @param {AbortSignal} signal
   */
  async draw(canvas, frame, rect, signal) {
    const answer = await fetch(this.bench.frames.url(frame, WIDE), { signal });
    if (!answer.ok) return;
    const bitmap = await createImageBitmap(await answer.blob());
    const scale = bitmap.width / this.bench.sizeOf(frame)[0];
    const context = canvas.getContext("2d");
    context?.drawImage(
      bitmap, rect.left * scale, rect.top * scale, rect.width * scale, rect.height * scale, 0, 0, canvas.width, canvas.height,
    );
    bitmap.close();
  }
}

/** A square around the rect, with some of what surrounds it. @param {Rect} rect @returns {Rect} */
function around({ left, top, width, height }) {
  const side = Math.max(width, height, 8) * (1 + AROUND);
  return { left: left + (width - side) / 2, top: top + (height - side) / 2, width: side, height: side };
}
