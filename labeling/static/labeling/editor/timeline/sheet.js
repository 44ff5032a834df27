// @ts-check
// The canvases of the timeline: only rows in sight are drawn, and what moves has a canvas of its own.

import { make } from "../../shared/dom.js";
import { labelColor } from "../canvas/colors.js";
import { paintDecisions, paintTrack, ROW } from "./lanes.js";
import { paintAnswers } from "./answers.js";
import { linesOf } from "./rows.js";
import { paintAbove, paintDamage, paintRuler, RULER } from "./ruler.js";
import { TimeScale } from "./scale.js";
import { Theme } from "./theme.js";
import { paintWorking } from "./working.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("./lanes.js").Brush} Brush */
/** @typedef {import("./rows.js").Line} Line */

/** Width of the names, in CSS pixels. */
export const NAMES = 168;
const FONT = "11px system-ui, sans-serif";

export class Sheet extends EventTarget {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} body scrolls
   */
  constructor(bench, body) {
    super();
    this.bench = bench;
    this.body = body;
    this.scale = new TimeScale(bench.facts.first, bench.facts.last);
    this.theme = new Theme(() => this.draw());
    /** @type {Line[]} */
    this.rows = [];
    /** Answers have rows too. */
    this.answers = true;
    this.width = 1;
    this.height = 1;
    /** @type {number | null} frame under the pointer */
    this.hover = null;
    /** A range is being dragged, or the playhead: the timeline stays where it is. */
    this.isDragged = false;
    /** @type {Set<"all" | "above">} */
    this.due = new Set();
    /** @type {Map<string, string>} names cut to the room they have */
    this.names = new Map();
    this.base = make("canvas", { class: "timeline-base", "aria-hidden": "true" });
    this.above = make("canvas", { class: "timeline-above", "aria-hidden": "true" });
    this.view = make("div", { class: "timeline-view" }, this.base, this.above);
    this.sheet = make("div", { class: "timeline-sheet" }, this.view);
    body.append(this.sheet);
    body.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.resize()).observe(body);
  }

  /** The frame of the playhead: the one whose picture is drawn, while playing. */
  get frame() {
    return this.bench.playing ? this.bench.shown : this.bench.frame;
  }

  /** Take the objects anew. */
  list() {
    this.rows = linesOf(this.bench, this.answers);
    this.sheet.style.height = `${RULER + this.rows.length * ROW + 4}px`;
    this.draw();
  }

  resize() {
    const { clientWidth, clientHeight } = this.body;
    if (!clientWidth || !clientHeight) return;
    this.width = clientWidth;
    this.height = clientHeight;
    this.view.style.height = `${clientHeight}px`;
    for (const canvas of [this.base, this.above]) {
      canvas.width = Math.round(clientWidth * devicePixelRatio);
      canvas.height = Math.round(clientHeight * devicePixelRatio);
    }
    this.scale.resize(clientWidth - NAMES);
    this.paint();
    this.paintAbove();
  }

  draw() {
    this.schedule("all");
  }

  drawAbove() {
    this.schedule("above");
  }

  /** @param {"all" | "above"} what */
  schedule(what) {
    if (!this.due.size) {
      requestAnimationFrame(() => {
        if (this.due.has("all")) this.paint();
        this.paintAbove();
        this.due.clear();
      });
    }
    this.due.add(what);
  }

  /** Draw the rows in sight; a few milliseconds, whatever the number of objects and frames. */
  paint() {
    const context = this.begin(this.base);
    if (!context) return;
    const { rows, height } = this;
    const top = RULER - this.body.scrollTop;
    const from = Math.max(0, Math.floor(-top / ROW + RULER / ROW));
    const to = Math.min(rows.length, Math.ceil((height - top) / ROW));
    for (let index = from; index < to; index += 1) {
      const row = rows[index];
      if (row) this.paintName(context, row, top + index * ROW);
    }
    this.inFrames(context, (brush) => {
      paintDamage(brush, this.bench, height);
      for (let index = from; index < to; index += 1) {
        const row = rows[index];
        if (row) this.paintRow(brush, row, top + index * ROW);
      }
      paintRuler(brush, this.bench);
      paintWorking(brush, this.bench.runs.looking, RULER - 3);
    });
    context.fillStyle = this.theme.colors.surface;
    context.fillRect(0, 0, NAMES, RULER);
    context.fillStyle = this.theme.colors.line;
    context.fillRect(NAMES - 1, 0, 1, height);
    this.dispatchEvent(new Event("painted"));
  }

  /** @param {CanvasRenderingContext2D} context @param {Line} row @param {number} top */
  paintName(context, row, top) {
    const { colors } = this.theme;
    const { bench } = this;
    if (row.key !== null && bench.selection.has(row.key) && !row.said) {
      context.fillStyle = colors["accent-soft"];
      context.fillRect(0, top, this.width, ROW);
    }
    const hidden = row.key !== null && bench.hidden.has(row.key);
    if (row.instance && !row.said) this.paintSwatch(context, row.instance, top, hidden);
    context.fillStyle = hidden || row.said ? colors.muted : colors.text;
    context.fillText(this.cut(context, row.name), row.said && !row.instance ? 10 : 26, top + 14);
    context.fillStyle = colors.line;
    context.fillRect(0, top + ROW - 1, this.width, 1);
  }

  /** @param {CanvasRenderingContext2D} context @param {Instance} instance @param {number} top @param {boolean} hidden */
  paintSwatch(context, instance, top, hidden) {
    context.globalAlpha = hidden ? 0.35 : 1;
    context.fillStyle = this.colorOf(instance);
    context.beginPath();
    context.roundRect(10, top + 5, 10, 10, 3);
    context.fill();
    context.globalAlpha = 1;
  }

  /** @param {Brush} brush @param {Line} row @param {number} top */
  paintRow(brush, { key, instance, said }, top) {
    const { bench } = this;
    brush.context.globalAlpha = key !== null && bench.hidden.has(key) ? 0.35 : 1;
    if (said) paintAnswers(brush, said, top);
    else if (instance) {
      paintTrack(brush, bench.tracks.of(instance.key), top, this.colorOf(instance));
      paintDecisions(brush, bench.store.decisions(instance.key), top);
      paintWorking(brush, bench.runs.workingOn(instance.id), top + 1);
    }
    brush.context.globalAlpha = 1;
  }

  paintAbove() {
    const context = this.begin(this.above);
    if (!context) return;
    const { bench, hover, height } = this;
    this.inFrames(context, (brush) => paintAbove(brush, { range: bench.range, frame: this.frame, hover, height }));
  }

  /** A clean canvas in CSS pixels. @param {HTMLCanvasElement} canvas */
  begin(canvas) {
    const context = canvas.getContext("2d");
    if (!context || this.width <= NAMES) return null;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.font = FONT;
    return context;
  }

  /** Paint right of the names, and nowhere else. @param {CanvasRenderingContext2D} context @param {(brush: Brush) => void} paint */
  inFrames(context, paint) {
    context.save();
    context.translate(NAMES, 0);
    context.beginPath();
    context.rect(0, 0, this.scale.width, this.height);
    context.clip();
    paint({ context, scale: this.scale, theme: this.theme });
    context.restore();
  }

  /** @param {Instance} row */
  colorOf(row) {
    const by = this.bench.preferences.get("color_by") === "instance" ? "instance" : "class";
    return labelColor(this.bench, row, null, by);
  }

  /** A name in the room it has. @param {CanvasRenderingContext2D} context @param {string} name */
  cut(context, name) {
    let text = this.names.get(name);
    if (text !== undefined) return text;
    text = name;
    while (text.length > 1 && context.measureText(text).width > NAMES - 36) text = `${text.slice(0, text.endsWith("…") ? -2 : -1)}…`;
    this.names.set(name, text);
    return text;
  }

  /** Where a pointer is: the row under it, and the frame unless it is over the names. @param {{clientX: number, clientY: number}} pointer */
  at({ clientX, clientY }) {
    const box = this.view.getBoundingClientRect();
    const [x, y] = [clientX - box.left - NAMES, clientY - box.top];
    const index = y < RULER ? -1 : Math.floor((y - RULER + this.body.scrollTop) / ROW);
    return { x, y, overNames: x < 0, frame: this.scale.frameAt(x), row: this.rows[index] ?? null };
  }

  /** Bring the row of an object into sight. @param {Key} key */
  revealRow(key) {
    const index = this.rows.findIndex((one) => one.key === key && !one.said);
    if (index < 0) return;
    const top = index * ROW;
    const room = this.height - RULER;
    if (top < this.body.scrollTop) this.body.scrollTop = top;
    else if (top + ROW > this.body.scrollTop + room) this.body.scrollTop = top + ROW - room;
  }
}
