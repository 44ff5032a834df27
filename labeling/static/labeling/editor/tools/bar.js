// @ts-check
// The buttons of the tools, and what can be set of the one that is chosen.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { SIZE_LEAST, SIZE_MOST } from "./brush.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./brush.js").BrushSize} BrushSize */
/** @typedef {import("./polygon.js").PolygonTool} PolygonTool */
/** @typedef {import("../../shared/icons.js").IconName} IconName */
/** @typedef {{name: string, icon: IconName, action: string}} Entry */

/** @type {Entry[]} */
const ENTRIES = [
  { name: "select", icon: "select", action: "tool.select" },
  { name: "box", icon: "box", action: "tool.box" },
  { name: "rotated", icon: "rotated", action: "tool.rotated" },
  { name: "polygon", icon: "polygon", action: "tool.polygon" },
  { name: "polyline", icon: "polyline", action: "tool.polyline" },
  { name: "point", icon: "point", action: "tool.point" },
  { name: "skeleton", icon: "skeleton", action: "tool.skeleton" },
  { name: "brush", icon: "brush", action: "tool.brush" },
  { name: "eraser", icon: "eraser", action: "tool.eraser" },
  { name: "sam", icon: "wand", action: "sam.toggle" },
];

/** The slider goes by steps that grow: of 1 pixel for fine brushes, of tens for wide ones. */
const STEPS = 100;
const GROWTH = Math.log(SIZE_MOST / SIZE_LEAST) / STEPS;

export class ToolBar {
  /** @param {Bench} bench @param {HTMLElement} place @param {{size: BrushSize, polygon: PolygonTool}} parts */
  constructor(bench, place, { size, polygon }) {
    this.bench = bench;
    this.size = size;
    this.polygon = polygon;
    this.buttons = new Map(ENTRIES.map((entry) => [entry.name, this.button(entry)]));
    this.options = make("div", { class: "tool-options" });
    this.brush = this.brushOptions();
    this.rings = this.ringOptions();
    this.options.append(this.brush, this.rings);
    place.append(make("div", { class: "tool-buttons", role: "toolbar", "aria-label": "Tools" }, ...this.buttons.values()), this.options);
    bench.on(["tool", "class", "selection", "shown", "labels", "instances", "preferences", "visible"], () => this.soon());
    size.addEventListener("change", () => this.soon());
    this.wanted = 0;
    this.soon();
  }

  /** @param {Entry} entry */
  button({ name, icon: picture, action }) {
    const button = make("button", { type: "button", class: "quiet icon tool", "aria-pressed": "false", "data-tool": name }, icon(picture));
    button.addEventListener("click", () => {
      this.bench.actions.run(action);
      byStage();
    });
    return button;
  }

  brushOptions() {
    const slider = make("input", { type: "range", min: "0", max: String(STEPS), step: "1", "aria-label": "Brush size" });
    const number = make("input", { type: "number", min: String(SIZE_LEAST), max: String(SIZE_MOST), "aria-label": "Brush size in pixels" });
    slider.addEventListener("input", () => this.size.set(SIZE_LEAST * Math.exp(GROWTH * slider.valueAsNumber)));
    number.addEventListener("change", () => {
      this.size.set(number.valueAsNumber);
      number.value = String(this.size.value);
    });
    this.slider = slider;
    this.number = number;
    const fill = this.command("mask.fill-holes", "Fill holes");
    return make("div", { class: "tool-option" }, make("label", {}, "Size"), slider, number, fill);
  }

  ringOptions() {
    const cut = make("button", { type: "button", class: "small", "aria-pressed": "false" }, "Cut from mask");
    cut.addEventListener("click", () => this.bench.actions.run("mask.cut"));
    this.cut = cut;
    this.hole = this.command("polygon.hole", "Add hole");
    this.part = this.command("polygon.part", "Add part");
    return make("div", { class: "tool-option" }, this.hole, this.part, cut);
  }

  /** @param {string} action @param {string} title */
  command(action, title) {
    const button = make("button", { type: "button", class: "small", "data-action": action }, title);
    button.addEventListener("click", () => {
      this.bench.actions.run(action);
      byStage();
    });
    return button;
  }

  soon() {
    this.wanted ||= requestAnimationFrame(() => {
      this.wanted = 0;
      this.update();
    });
  }

  update() {
    const { bench } = this;
    for (const { name, action } of ENTRIES) {
      const button = this.buttons.get(name);
      if (button) this.mark(button, action, bench.tool?.name === name);
    }
    const chosen = bench.tool?.name ?? "";
    this.brush.hidden = chosen !== "brush" && chosen !== "eraser";
    this.rings.hidden = chosen !== "polygon";
    this.options.hidden = this.brush.hidden && this.rings.hidden;
    if (this.options.hidden) return;
    for (const one of this.options.querySelectorAll("[data-action]")) this.grey(/** @type {HTMLElement} */ (one), one.getAttribute("data-action") ?? "");
    this.showSize();
    const masks = bench.actions.available("mask.cut") === true;
    if (this.cut) this.cut.hidden = !masks;
    if (this.hole && this.part) this.hole.hidden = this.part.hidden = masks;
    this.cut?.setAttribute("aria-pressed", String(this.polygon.cutting));
  }

  showSize() {
    const { value } = this.size;
    if (this.slider) this.slider.value = String(Math.round(Math.log(value / SIZE_LEAST) / GROWTH));
    if (this.number && this.number !== document.activeElement) this.number.value = String(value);
    this.slider?.setAttribute("aria-valuetext", `${value} pixels`);
  }

  /** @param {HTMLElement} button @param {string} action @param {boolean} pressed */
  mark(button, action, pressed) {
    button.setAttribute("aria-pressed", String(pressed));
    button.setAttribute("aria-label", this.bench.actions.get(action)?.title ?? action);
    this.grey(button, action);
  }

  /** A control that cannot be used now says why in its tip, and when it is used all the same. @param {HTMLElement} button @param {string} action */
  grey(button, action) {
    const { actions } = this.bench;
    const answer = actions.available(action);
    const reason = typeof answer === "string" ? answer : "";
    button.setAttribute("aria-disabled", String(answer !== true));
    button.title = reason ? `${actions.hint(action)}. ${reason}` : actions.hint(action);
  }
}

/** Keys mean the frame again after a button was pressed. */
function byStage() {
  if (!document.querySelector("dialog[open]")) document.getElementById("stage")?.focus({ preventScroll: true });
}
