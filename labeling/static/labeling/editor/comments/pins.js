// @ts-check
// Pins over the frame: buttons at the points and objects that open threads are about. A click opens the thread.

import { make } from "../../shared/dom.js";
import { bounds } from "../geometry/shapes.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("./discussion.js").Discussion} Discussion */
/** @typedef {import("./panel.js").CommentPanel} CommentPanel */
/** @typedef {import("./threads.js").Thread} Thread */
/** @typedef {{button: HTMLButtonElement, thread: Thread, at: Point}} Pin */

/** Other tools draw where the pins are. */
const TOOLS = ["select", "comment"];

export class Pins {
  /**
   * @param {Bench} bench
   * @param {Discussion} discussion
   * @param {CommentPanel} panel
   */
  constructor(bench, discussion, panel) {
    this.bench = bench;
    this.discussion = discussion;
    this.panel = panel;
    /** @type {Map<number, Pin>} by the id of the thread's first comment */
    this.pins = new Map();
    /** Where a new comment will be pinned. */
    this.fresh = make("span", { class: "pin fresh", hidden: true, "aria-hidden": "true" }, "+");
    this.place = make("div", { class: "pins", id: "pins" }, this.fresh);
    bench.canvas.stage.append(this.place);
    discussion.addEventListener("change", () => this.list());
    panel.addEventListener("place", () => this.move());
    bench.on(["shown", "labels", "instances", "visible"], () => this.list());
    bench.on(["tool"], () => this.place.classList.toggle("through", !TOOLS.includes(bench.tool?.name ?? "")));
    bench.viewport.addEventListener("change", () => this.move());
  }

  /** Make the pins of the frame that is shown; those that stay keep their buttons, and the focus. */
  list() {
    const before = this.pins;
    this.pins = new Map();
    for (const thread of this.discussion.threads) {
      const at = this.spotOf(thread);
      if (!at) continue;
      const button = before.get(thread.first.id)?.button ?? this.button(thread.first.id);
      write(button, thread);
      this.pins.set(thread.first.id, { button, thread, at });
    }
    for (const [id, { button }] of before) if (!this.pins.has(id)) button.remove();
    this.move();
  }

  /** @param {number} id */
  button(id) {
    const button = make("button", { type: "button", class: "pin", "data-pin": String(id) });
    button.addEventListener("click", () => {
      const pin = this.pins.get(id);
      if (pin) this.panel.reveal(pin.thread);
    });
    this.place.append(button);
    return button;
  }

  /** Where an open thread is seen on the shown frame. @param {Thread} thread @returns {Point | null} */
  spotOf({ first }) {
    const { bench } = this;
    if (first.resolved_at || (first.frame !== null && first.frame !== bench.shown)) return null;
    if (first.kind === "point") return [first.x ?? 0, first.y ?? 0];
    const instance = first.kind === "instance" ? bench.store.instances.get(first.object_hash) : undefined;
    if (!instance || bench.hidden.has(instance.key)) return null;
    const shape = bench.store.label(instance.key, bench.shown)?.shape;
    if (!shape) return null;
    const { left, top, width } = bounds(bench.classOf(instance).shape, shape);
    return [left + width / 2, top];
  }

  /** Put the pins where their points are on the screen now. */
  move() {
    for (const { button, at } of this.pins.values()) this.put(button, at);
    const { chosen, place } = this.panel;
    this.fresh.hidden = !(chosen && place.kind === "point" && place.frame === this.bench.shown);
    if (!this.fresh.hidden) this.put(this.fresh, [place.x ?? 0, place.y ?? 0]);
  }

  /** @param {HTMLElement} element @param {Point} at */
  put(element, at) {
    const [x, y] = this.bench.viewport.toScreen(...at);
    element.style.transform = `translate(${x}px, ${y}px)`;
  }
}

/** @param {HTMLButtonElement} button @param {Thread} thread */
function write(button, { first, replies }) {
  const count = replies.length + 1;
  const words = `${first.author?.username ?? "somebody"}: ${first.text}`;
  button.textContent = String(count);
  button.title = words;
  button.setAttribute("aria-label", `${count === 1 ? "Comment" : `${count} comments`}, ${words}`);
}
