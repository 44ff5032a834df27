// @ts-check
// Grey levels of a DICOM series: which values are shown from black to white, by sliders, presets and a drag.

import { byId, make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./frames.js").Levels} Levels */
/** @typedef {{center: number, width: number, low: number, high: number}} Window */

const SETTLE_MS = 120;
/** Parts of the range that levels are rounded to, so that pictures that look alike are one. */
const STEPS = 256;

/**
 * @param {Bench} bench
 * @param {() => void} again show the frame anew
 */
export function offerWindow(bench, again) {
  const facts = bench.facts.window;
  if (bench.facts.kind !== "dicom" || !facts) return;
  const levels = new WindowLevels(bench, facts, again);
  byId("transport").after(levels.place);
  bench.actions.add(
    {
      id: "frames.levels-drag", title: "Hold and drag: brightness and contrast of the grey values", group: "Frames", keys: ["KeyG"],
      run: () => levels.startDrag(), release: () => levels.endDrag(),
    },
    { id: "frames.levels-default", title: "Grey values as the series says", group: "Frames", menus: ["canvas"], run: () => levels.set(facts) },
    { id: "frames.levels-full", title: "Grey values from lowest to highest", group: "Frames", menus: ["canvas"], run: () => levels.set(fullRange(facts)) },
  );
}

/** @param {Window} facts @returns {Levels} */
export function fullRange({ low, high }) {
  return { center: (low + high) / 2, width: Math.max(high - low, 1) };
}

/**
 * Round levels, and keep them where there are values.
 * @param {Levels} levels
 * @param {Window} facts
 * @returns {Levels}
 */
export function roundedLevels({ center, width }, { low, high }) {
  const span = Math.max(high - low, 0) || 1;
  const step = span < STEPS ? span / STEPS : Math.max(1, Math.ceil(span / STEPS));
  /** @param {number} value */
  const round = (value) => Number((Math.round(value / step) * step).toPrecision(9));
  return {
    center: round(Math.min(Math.max(center, low - span / 2), high + span / 2)),
    width: round(Math.min(Math.max(width, step), 2 * span)),
  };
}

class WindowLevels {
  /**
   * @param {Bench} bench
   * @param {Window} facts
   * @param {() => void} again
   */
  constructor(bench, facts, again) {
    this.bench = bench;
    this.facts = facts;
    this.again = again;
    /** @type {Levels} */
    this.levels = { center: facts.center, width: facts.width };
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {HTMLElement | null} */
    this.glass = null;
    const span = Math.max(facts.high - facts.low, 1);
    this.center = slider("Level", facts.low - span / 2, facts.high + span / 2, span / STEPS);
    this.width = slider("Window", span / STEPS, 2 * span, span / STEPS);
    this.said = make("output", { class: "small muted" });
    this.place = make("div", { id: "levels", class: "levels", role: "group", "aria-label": "Grey values" });
    this.place.append(this.center.parentElement ?? "", this.width.parentElement ?? "", this.said);
    this.place.append(this.button("Default", facts), this.button("Full range", fullRange(facts)));
    for (const input of [this.center, this.width]) {
      input.addEventListener("input", () => this.set({ center: this.center.valueAsNumber, width: this.width.valueAsNumber }));
    }
    this.write();
  }

  /** @param {string} title @param {Levels} levels */
  button(title, levels) {
    const button = make("button", { type: "button", class: "small" }, title);
    button.addEventListener("click", () => this.set(levels));
    return button;
  }

  /** @param {Levels} levels */
  set(levels) {
    const isDefault = levels.center === this.facts.center && levels.width === this.facts.width;
    this.levels = isDefault ? { center: levels.center, width: levels.width } : roundedLevels(levels, this.facts);
    this.write();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.bench.frames.setLevels(isDefault ? null : this.levels);
      this.again();
    }, SETTLE_MS);
  }

  write() {
    const { center, width } = this.levels;
    this.center.valueAsNumber = center;
    this.width.valueAsNumber = width;
    this.said.textContent = `${format(center - width / 2)} to ${format(center + width / 2)}`;
  }

  /** While the key is held, a pane over the stage takes the pointer. */
  startDrag() {
    if (this.glass) return;
    const glass = make("div", { class: "levels-glass" });
    this.glass = glass;
    const span = Math.max(this.facts.high - this.facts.low, 1);
    glass.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      glass.setPointerCapture(event.pointerId);
    });
    glass.addEventListener("pointermove", (event) => {
      event.stopPropagation();
      if (!event.buttons) return;
      const { center, width } = this.levels;
      const { width: wide, height: high } = glass.getBoundingClientRect();
      // Dragged up is brighter: a lower level. Dragged right is softer: a wider window.
      this.set({ center: center + (event.movementY / high) * span, width: width + (event.movementX / wide) * span });
    });
    byId("stage").append(glass);
  }

  endDrag() {
    this.glass?.remove();
    this.glass = null;
  }
}

/**
 * @param {string} name
 * @param {number} min
 * @param {number} max
 * @param {number} step
 */
function slider(name, min, max, step) {
  const input = make("input", { type: "range", min: String(min), max: String(max), step: String(step) });
  make("label", { class: "small" }, name, input);
  return input;
}

/** @param {number} value */
function format(value) {
  return value.toLocaleString(undefined, { maximumSignificantDigits: 4 });
}
