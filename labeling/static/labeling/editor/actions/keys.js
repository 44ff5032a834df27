// @ts-check
// The keyboard of the page: chords run actions.

import { byId } from "../../shared/dom.js";
import { chordOf, learnLayout } from "./chords.js";

export { chordText } from "./chords.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */

const OF_FIELDS = "input, textarea, select, [contenteditable=''], [contenteditable='true']";
const SLIDERS = ["range", "checkbox", "radio", "color"];
const PRESSED = "button, a[href], summary, input[type=checkbox], input[type=radio], [role=tab], [role=menuitem]";
const MOVED = "input[type=range], input[type=radio], [role=tab], [role=slider], [role=row], [role=gridcell]";

/** Run actions by their chords. @param {Bench} bench */
export function listenKeys(bench) {
  const keys = new Keys(bench);
  document.addEventListener("pointerdown", (event) => (keys.pointed = event.target));
  document.addEventListener("keydown", (event) => keys.down(event));
  document.addEventListener("keyup", (event) => keys.up(event));
  window.addEventListener("blur", () => keys.releaseAll());
  learnLayout().catch(() => {});
}

class Keys {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.stage = byId("stage");
    /** @type {EventTarget | null} what the pointer pressed last: its focus did not come from the keyboard */
    this.pointed = null;
    /** @type {Map<string, Action | null>} codes that are down and were taken; with an action that waits for its release */
    this.held = new Map();
  }

  /** @param {KeyboardEvent} event */
  down(event) {
    const chord = chordOf(event);
    if (chord === null || event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal")) return;
    if (chord === "Tab" || chord === "Shift+Tab") this.pointed = null;
    if (isField(event.target) && chord !== "Mod+KeyS") {
      if (chord === "Escape") this.leaveField(event);
      return;
    }
    if (this.belongsElsewhere(event, chord)) return;
    const action = this.bench.actions.meant(chord);
    if (!action) return;
    event.preventDefault();
    if (event.repeat && !action.repeats) return;
    if (!event.repeat) this.held.set(event.code, action.release ? action : null);
    this.bench.actions.run(action.id);
  }

  /** @param {KeyboardEvent} event */
  up(event) {
    if (!this.held.has(event.code)) return;
    // A button would be pressed by the release of the space bar in some browsers.
    event.preventDefault();
    this.held.get(event.code)?.release?.(this.bench);
    this.held.delete(event.code);
  }

  /** The window lost the keyboard: what was held counts as let go. */
  releaseAll() {
    for (const action of this.held.values()) action?.release?.(this.bench);
    this.held.clear();
  }

  /**
   * Keys that mean something to the element that has the focus.
   * @param {KeyboardEvent} event
   * @param {string} chord
   */
  belongsElsewhere(event, chord) {
    const { target } = event;
    if (!(target instanceof Element)) return false;
    if (chord === "Tab" || chord === "Shift+Tab") return target !== this.stage;
    const byPointer = this.pointed instanceof Node && target.contains(this.pointed);
    if (chord === "Space" || chord === "Enter") return target.matches(PRESSED) && !byPointer;
    return /^(Arrow|Home$|End$|Page)/.test(chord) && target.matches(MOVED);
  }

  /** The first Escape leaves a field, the next one means what it means elsewhere. @param {KeyboardEvent} event */
  leaveField(event) {
    event.preventDefault();
    this.stage.focus({ preventScroll: true });
  }
}

/** @param {EventTarget | null} target */
function isField(target) {
  if (!(target instanceof HTMLElement) || !target.matches(OF_FIELDS)) return false;
  return !(target instanceof HTMLInputElement && SLIDERS.includes(target.type));
}
