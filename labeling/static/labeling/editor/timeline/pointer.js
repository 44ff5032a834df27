// @ts-check
// The pointer on the timeline: a click goes to a frame, a drag chooses a range, the wheel zooms and moves.

import { RULER } from "./ruler.js";
import { lineText } from "./rows.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sheet.js").Sheet} Sheet */

const DRAG_PIXELS = 4;
/** As near as this to the playhead, on the ruler, a drag moves it. */
const GRIP_PIXELS = 7;

export class PointerOnRows {
  /** @param {Bench} bench @param {Sheet} sheet */
  constructor(bench, sheet) {
    this.bench = bench;
    this.sheet = sheet;
    /** @type {{x: number, frame: number, kind: "press" | "range" | "playhead"} | null} */
    this.drag = null;
  }

  listen() {
    const { view } = this.sheet;
    view.addEventListener("pointerdown", (event) => this.down(event));
    view.addEventListener("pointermove", (event) => this.move(event));
    view.addEventListener("pointerup", (event) => this.up(event));
    view.addEventListener("pointercancel", () => this.end());
    view.addEventListener("pointerleave", () => this.hover(null));
    view.addEventListener("contextmenu", (event) => this.menu(event));
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0) return;
    const at = this.sheet.at(event);
    if (at.overNames) {
      if (at.row?.key) this.choose(at.row.key, event.shiftKey || event.ctrlKey || event.metaKey);
      return;
    }
    if (event.shiftKey) return this.extend(at.frame);
    const grips = at.y < RULER && Math.abs(at.x - this.sheet.scale.middle(this.sheet.frame)) <= GRIP_PIXELS;
    this.drag = { x: event.clientX, frame: at.frame, kind: grips ? "playhead" : "press" };
    this.sheet.view.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const at = this.sheet.at(event);
    const { drag } = this;
    if (!drag) return this.hover(at.overNames ? null : at.frame, at.row);
    if (drag.kind === "press" && Math.abs(event.clientX - drag.x) < DRAG_PIXELS) return;
    if (drag.kind === "press") drag.kind = "range";
    this.sheet.isDragged = true;
    this.hover(at.frame);
    this.pull(at.x);
    if (drag.kind === "playhead") this.bench.go(at.frame);
    else this.setRange(drag.frame, at.frame);
  }

  /** Beyond the edges the frames move along. @param {number} x */
  pull(x) {
    const { scale } = this.sheet;
    const over = x < 0 ? x : Math.max(0, x - scale.width);
    if (!over) return;
    scale.panBy(over / 4);
    this.sheet.draw();
  }

  /** @param {PointerEvent} event */
  up(event) {
    const { drag } = this;
    if (!drag) return;
    this.end();
    if (drag.kind !== "press") return;
    const at = this.sheet.at(event);
    if (at.row?.key) this.choose(at.row.key, event.ctrlKey || event.metaKey);
    this.bench.go(drag.frame);
  }

  end() {
    this.drag = null;
    this.sheet.isDragged = false;
    this.sheet.draw();
  }

  /** @param {string} key @param {boolean} more */
  choose(key, more) {
    if (more) this.bench.toggle(key);
    else if (this.bench.selection.size !== 1 || !this.bench.selection.has(key)) this.bench.select([key]);
  }

  /** From the range that is there, or the frame that is shown, to here. @param {number} frame */
  extend(frame) {
    const { range } = this.bench;
    const from = range ? (frame < range[0] ? range[1] : range[0]) : this.bench.frame;
    this.setRange(from, frame);
  }

  /** @param {number} from @param {number} to */
  setRange(from, to) {
    const { range } = this.bench;
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    if (range?.[0] !== first || range[1] !== last) this.bench.setRange([first, last]);
  }

  /** @param {number | null} frame @param {import("./rows.js").Line | null} [row] */
  hover(frame, row = null) {
    const title = frame === null ? "" : row ? lineText(this.bench, frame, row) : `Frame ${frame}`;
    if (this.sheet.view.title !== title) this.sheet.view.title = title;
    if (this.sheet.hover === frame) return;
    this.sheet.hover = frame;
    this.sheet.drawAbove();
  }

  /** @param {MouseEvent} event */
  menu(event) {
    event.preventDefault();
    const at = this.sheet.at(event);
    if (at.row?.key && !this.bench.selection.has(at.row.key)) this.bench.select([at.row.key]);
    const frame = at.overNames ? this.bench.frame : at.frame;
    const detail = { menu: "timeline", x: event.clientX, y: event.clientY, key: at.row?.key ?? null, frame };
    this.bench.dispatchEvent(new CustomEvent("menu", { detail }));
  }
}

/**
 * Ctrl+wheel zooms where the pointer is, Shift+wheel and sideways move; else the rows scroll.
 * @param {Bench} bench
 * @param {Sheet} sheet
 */
export function listenWheel(bench, sheet) {
  sheet.view.addEventListener(
    "wheel",
    (event) => {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.ctrlKey || event.metaKey) sheet.scale.zoomAt(Math.max(0, sheet.at(event).x), Math.exp((-event.deltaY * unit) / 240));
      else if (event.shiftKey) sheet.scale.panBy((event.deltaX || event.deltaY) * unit);
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) sheet.scale.panBy(event.deltaX * unit);
      else return;
      event.preventDefault();
      sheet.draw();
    },
    { passive: false },
  );
}
