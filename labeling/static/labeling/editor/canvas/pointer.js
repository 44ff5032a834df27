// @ts-check
// Pointer, wheel and fingers over the stage: what moves the view is done here, the rest goes to the tool.

import { listenFingers } from "./fingers.js";
import { listenWheel } from "./wheel.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Pointer} Pointer */

const [LEFT, MIDDLE] = [0, 1];
/** CSS pixels that a click may wander. */
const STILL = 4;

/** @param {Bench} bench */
export function listenPointer(bench) {
  const pointing = new Pointing(bench, bench.canvas.stage);
  listenWheel(bench, pointing.stage);
  listenFingers(bench, pointing);
}

export class Pointing {
  /** @param {Bench} bench @param {HTMLElement} stage */
  constructor(bench, stage) {
    this.bench = bench;
    this.stage = stage;
    /** @type {{id: number, x: number, y: number, from: PointerEvent} | null} */
    this.pan = null;
    /** @type {number | null} the pointer that the tool follows */
    this.drawing = null;
    /** Space is held over the stage; `panned` once it was used for that. */
    this.space = { held: false, panned: false };
    this.over = false;
    this.listen();
  }

  listen() {
    const { stage } = this;
    stage.addEventListener("pointerdown", (event) => this.down(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    stage.addEventListener("pointerup", (event) => this.up(event));
    stage.addEventListener("pointercancel", (event) => this.up(event));
    stage.addEventListener("pointerenter", () => (this.over = true));
    stage.addEventListener("pointerleave", () => (this.over = false));
    stage.addEventListener("dblclick", (event) => this.double(event));
    stage.addEventListener("contextmenu", (event) => this.menu(event));
    // The middle button scrolls by itself on some systems.
    stage.addEventListener("mousedown", (event) => event.button === MIDDLE && event.preventDefault());
    addEventListener("keydown", (event) => this.spaceDown(event), true);
    addEventListener("keyup", (event) => this.spaceUp(event), true);
    this.bench.on(["tool"], () => (stage.style.cursor = ""));
  }

  /** @param {MouseEvent} event @returns {Pointer} */
  pointer(event) {
    const box = this.stage.getBoundingClientRect();
    const [screenX, screenY] = [event.clientX - box.left, event.clientY - box.top];
    const [x, y] = this.bench.viewport.toFrame(screenX, screenY);
    const { button, shiftKey: shift, altKey: alt } = event;
    const ctrl = event.ctrlKey || event.metaKey;
    return { x, y, screenX, screenY, button, shift, alt, ctrl, event: /** @type {PointerEvent} */ (event) };
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (!this.isCanvas(event.target)) return;
    this.stage.focus({ preventScroll: true });
    if (event.button === MIDDLE || (event.button === LEFT && this.space.held)) {
      this.space.panned = this.space.held;
      this.beginPan(event);
    } else if (event.button === LEFT && this.drawing === null) {
      this.drawing = event.pointerId;
      this.stage.setPointerCapture(event.pointerId);
      this.bench.tool?.down?.(this.pointer(event));
    }
  }

  /** Pins and other things that lie over the stage see to their own pointers. @param {EventTarget | null} target */
  isCanvas(target) {
    return target === this.stage || (target instanceof Node && this.bench.canvas.place.contains(target));
  }

  /** @param {PointerEvent} event */
  beginPan(event) {
    this.pan = { id: event.pointerId, x: event.clientX, y: event.clientY, from: event };
    this.stage.setPointerCapture(event.pointerId);
    this.stage.style.cursor = "grabbing";
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { pan, bench } = this;
    if (pan) {
      if (pan.id !== event.pointerId) return;
      bench.viewport.panBy(event.clientX - pan.x, event.clientY - pan.y);
      [pan.x, pan.y] = [event.clientX, event.clientY];
      return;
    }
    if (this.drawing !== null && this.drawing !== event.pointerId) return;
    const pointer = this.pointer(event);
    bench.tool?.move?.(pointer);
    this.stage.style.cursor = this.space.held ? "grab" : (bench.tool?.cursor?.(pointer) ?? "");
    if (bench.tool?.paint) bench.canvas.invalidate();
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (this.pan?.id === event.pointerId) {
      const { from } = this.pan;
      this.pan = null;
      this.stage.style.cursor = "";
      this.bench.viewport.settle();
      if (from.button === MIDDLE && isClick(from, event)) this.bench.tool?.middle?.(this.pointer(event));
    } else if (this.drawing === event.pointerId) {
      this.drawing = null;
      this.bench.tool?.up?.(this.pointer(event));
    }
  }

  /** What the tool began with this pointer is dropped. */
  abandon() {
    if (this.drawing === null) return;
    this.drawing = null;
    const { tool } = this.bench;
    if (tool?.abandon) tool.abandon();
    else tool?.escape?.();
  }

  /** @param {MouseEvent} event */
  double(event) {
    if (event.button === LEFT && this.isCanvas(event.target)) this.bench.tool?.double?.(this.pointer(event));
  }

  /** @param {MouseEvent} event */
  menu(event) {
    if (!this.isCanvas(event.target)) return;
    event.preventDefault();
    const { bench } = this;
    const byKey = /** @type {PointerEvent} */ (event).pointerType === "" && event.button !== 2;
    const pointer = byKey ? this.pointerAtSelection(event) : this.pointer(event);
    if (!byKey && bench.tool?.context?.(pointer)) return;
    const box = this.stage.getBoundingClientRect();
    const key = byKey ? (bench.primary?.key ?? null) : bench.canvas.hit(pointer.x, pointer.y);
    const detail = { x: box.left + pointer.screenX, y: box.top + pointer.screenY, point: [pointer.x, pointer.y], key };
    bench.dispatchEvent(new CustomEvent("menu", { detail }));
  }

  /** A menu that was asked for by key opens at what is selected. @param {MouseEvent} event @returns {Pointer} */
  pointerAtSelection(event) {
    const { canvas, viewport, selection } = this.bench;
    const around = canvas.around(selection);
    const [x, y] = around
      ? [around.left + around.width / 2, around.top + around.height / 2]
      : viewport.toFrame(viewport.width / 2, viewport.height / 2);
    const [screenX, screenY] = viewport.toScreen(x, y);
    return { ...this.pointer(event), x, y, screenX, screenY };
  }

  /**
   * Space pans while it is held over the stage. Pressed and let go it is a key like others: it is passed on then.
   * @param {KeyboardEvent} event
   */
  spaceDown(event) {
    if (event.code !== "Space" || !event.isTrusted || !this.over || this.isElsewhere(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat) return;
    this.space = { held: true, panned: false };
    this.stage.style.cursor = "grab";
  }

  /** @param {KeyboardEvent} event */
  spaceUp(event) {
    if (event.code !== "Space" || !this.space.held) return;
    const { panned } = this.space;
    this.space = { held: false, panned: false };
    this.stage.style.cursor = "";
    if (panned) return;
    const { code, key, shiftKey, altKey, ctrlKey, metaKey } = event;
    const pressed = { code, key, shiftKey, altKey, ctrlKey, metaKey, bubbles: true, cancelable: true };
    (event.target ?? this.stage).dispatchEvent(new KeyboardEvent("keydown", pressed));
  }

  /** Where Space writes or presses a button. @param {KeyboardEvent} event */
  isElsewhere({ target, ctrlKey, metaKey, altKey, shiftKey }) {
    if (ctrlKey || metaKey || altKey || shiftKey) return true;
    return target instanceof Element && target.closest("input, textarea, select, button, a, summary, dialog, [role='menu'], [contenteditable]") !== null;
  }
}

/** @param {PointerEvent} from @param {PointerEvent} to */
function isClick(from, to) {
  return Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) < STILL;
}
