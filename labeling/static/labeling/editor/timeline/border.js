// @ts-check
// Around the rows: heading with zoom, a handle for the height, a map of what is in sight.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("../../shared/icons.js").IconName} IconName */

const PLACE = "labelyard.timeline";
const HEIGHT_MIN = 64;
const HEIGHT_MAX = 480;
const HEIGHT = 148;
const ZOOM = 1.6;

export class Border {
  /** @param {Bench} bench @param {Sheet} sheet */
  constructor(bench, sheet) {
    this.bench = bench;
    this.sheet = sheet;
    const { height, open, answers } = read();
    this.height = height;
    this.open = open;
    this.sheet.answers = answers;
    this.handle = this.makeHandle();
    this.toggle = make("button", { type: "button", class: "quiet small", "aria-controls": "timeline-rows" });
    this.said = make("button", { type: "button", class: "quiet small", "aria-pressed": String(answers), title: "Answers over frames have rows too" }, "Answers");
    this.said.addEventListener("click", () => this.turnAnswers());
    this.error = make("span", { class: "small timeline-error", role: "status", hidden: true });
    this.thumb = make("div", { class: "timeline-thumb" });
    this.map = make("div", { class: "timeline-map", "aria-hidden": "true" }, this.thumb);
    this.listenMap();
    this.sheet.addEventListener("painted", () => this.writeMap());
    this.toggle.addEventListener("click", () => this.set(this.height, !this.open));
    this.set(this.height, this.open);
  }

  /** @param {HTMLElement} middle */
  head(middle) {
    const again = make("button", { type: "button", class: "small" }, "Try again");
    again.addEventListener("click", () => this.bench.tracks.readAll());
    const zoom = make(
      "div", { class: "timeline-zoom", role: "group", "aria-label": "Zoom of the timeline" },
      this.button("minus", "Show more frames (Ctrl+wheel)", (scale, at) => scale.zoomAt(at, 1 / ZOOM)),
      this.button("plus", "Show fewer frames (Ctrl+wheel)", (scale, at) => scale.zoomAt(at, ZOOM)),
      this.button("fit", "Show all frames", (scale) => scale.fit()),
    );
    this.again = again;
    again.hidden = true;
    return make("div", { class: "timeline-head" }, this.toggle, this.said, middle, this.error, again, zoom);
  }

  /**
   * @param {IconName} name
   * @param {string} title
   * @param {(scale: import("./scale.js").TimeScale, at: number) => void} act
   */
  button(name, title, act) {
    const button = make("button", { type: "button", class: "quiet icon small", "aria-label": title, title }, icon(name));
    button.addEventListener("click", () => {
      const { scale, frame } = this.sheet;
      const at = scale.middle(frame);
      act(scale, at >= 0 && at <= scale.width ? at : scale.width / 2);
      this.sheet.draw();
    });
    return button;
  }

  /** @param {number} height @param {boolean} open */
  set(height, open) {
    this.height = Math.min(Math.max(Math.round(height), HEIGHT_MIN), HEIGHT_MAX);
    this.open = open;
    this.sheet.body.hidden = !open;
    this.sheet.body.style.height = `${this.height}px`;
    this.handle.hidden = !open;
    this.handle.setAttribute("aria-valuenow", String(this.height));
    this.toggle.replaceChildren(icon(open ? "chevron-down" : "chevron-right"), "Timeline");
    this.toggle.setAttribute("aria-expanded", String(open));
    this.writeMap();
    this.said.hidden = !open;
    this.keep();
  }

  turnAnswers() {
    const { sheet } = this;
    sheet.answers = !sheet.answers;
    this.said.setAttribute("aria-pressed", String(sheet.answers));
    sheet.list();
    this.keep();
  }

  keep() {
    keep({ height: this.height, open: this.open, answers: this.sheet.answers });
  }

  makeHandle() {
    const handle = make("div", {
      class: "timeline-handle", role: "separator", tabindex: "0", "aria-orientation": "horizontal", "aria-label": "Height of the timeline",
      "aria-valuemin": String(HEIGHT_MIN), "aria-valuemax": String(HEIGHT_MAX), title: "Drag, or arrow up and down",
    });
    handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      this.set(this.sheet.body.getBoundingClientRect().bottom - event.clientY, true);
    });
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowUp: 20, ArrowDown: -20 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.set(this.height + by, true);
    });
    return handle;
  }

  listenMap() {
    const { map } = this;
    /** @param {PointerEvent} event */
    const move = (event) => {
      if (!map.hasPointerCapture(event.pointerId)) return;
      const { scale } = this.sheet;
      const box = map.getBoundingClientRect();
      const middle = scale.first + ((event.clientX - box.left) / box.width) * scale.count;
      scale.set(middle - scale.span / 2, scale.perFrame);
      this.sheet.draw();
    };
    map.addEventListener("pointerdown", (event) => {
      map.setPointerCapture(event.pointerId);
      move(event);
    });
    map.addEventListener("pointermove", move);
  }

  writeMap() {
    const { scale } = this.sheet;
    this.map.hidden = !this.open || scale.fitted;
    this.thumb.style.left = `${((scale.start - scale.first) / scale.count) * 100}%`;
    this.thumb.style.width = `${(scale.span / scale.count) * 100}%`;
  }

  sayError() {
    const { error } = this.bench.tracks;
    this.error.hidden = !error;
    if (this.again) this.again.hidden = !error;
    this.error.textContent = error ? `The timeline could not be read. ${error}` : "";
  }
}

/** @returns {{height: number, open: boolean, answers: boolean}} */
function read() {
  try {
    const { height, open, answers } = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    return { height: Number(height) || HEIGHT, open: open !== false, answers: answers !== false };
  } catch {
    return { height: HEIGHT, open: true, answers: true };
  }
}

/** @param {{height: number, open: boolean, answers: boolean}} state */
function keep(state) {
  try {
    localStorage.setItem(PLACE, JSON.stringify(state));
  } catch {
    // A browser that keeps nothing has it for this page.
  }
}
