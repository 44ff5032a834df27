// @ts-check
// The panel of comments: a new one with its place, and the threads.

import { byId, make } from "../../shared/dom.js";
import { TEXT_MAX } from "./comment.js";
import { suggestMembers } from "./mentions.js";
import { placeName } from "./threads.js";
import { threadElement, visit } from "./thread.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./discussion.js").Discussion} Discussion */
/** @typedef {import("./threads.js").Place} Place */
/** @typedef {import("./threads.js").Thread} Thread */

/** Event `place`: a new comment would go elsewhere. */
export class CommentPanel extends EventTarget {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} place
   * @param {Discussion} discussion
   */
  constructor(bench, place, discussion) {
    super();
    this.bench = bench;
    this.discussion = discussion;
    /** @type {Place} where a new comment goes */
    this.place = { kind: "frame", frame: bench.shown };
    this.chosen = false;
    /** @type {Map<Place["kind"], HTMLButtonElement>} */
    this.kinds = new Map();
    this.where = make("p", { class: "small muted", id: "comment-place" });
    this.text = make("textarea", { id: "comment-text", maxlength: TEXT_MAX, rows: "3", placeholder: "Write a comment; @name tells a member" });
    this.cancel = make("button", { type: "button", class: "small quiet", id: "comment-cancel", hidden: true }, "Cancel");
    this.list = make("div", { class: "threads", id: "threads" });
    this.form = this.build();
    if (bench.facts.mayComment) place.append(this.form);
    place.append(this.list);
    discussion.addEventListener("change", () => this.show());
    bench.on(["instances"], () => this.show());
    bench.on(["shown"], () => this.follow());
    this.follow();
  }

  build() {
    const { facts } = this.bench;
    const kinds = make(
      "div", { class: "actions", role: "group", "aria-label": "What the comment is about" },
      this.kind("Frame", "frame", () => ({ kind: "frame", frame: this.bench.shown })),
      this.kind("Object", "instance", () => this.objectPlace()),
      this.kind("Range", "range", () => this.rangePlace()),
      this.kind("Task", "task", () => ({ kind: "task" })),
    );
    const form = make(
      "form", { class: "compose stack tight", id: "comment-form" },
      make("label", { for: "comment-text", class: "unseen" }, "Comment"),
      this.where, kinds, make("div", { class: "writing" }, this.text, suggestMembers(this.text, facts.members)),
      make("div", { class: "actions" }, make("button", { type: "submit", class: "primary small" }, "Comment"), this.cancel),
    );
    this.cancel.addEventListener("click", () => this.clear());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    return form;
  }

  /** @param {string} name @param {Place["kind"]} kind @param {() => Place | string} place a sentence says why it cannot be */
  kind(name, kind, place) {
    const button = make("button", { type: "button", class: "small quiet" }, name);
    this.kinds.set(kind, button);
    button.addEventListener("click", () => {
      const chosen = place();
      if (typeof chosen === "string") this.bench.say(chosen, "warn");
      else this.begin(chosen);
    });
    return button;
  }

  /** @returns {Place | string} */
  objectPlace() {
    const id = this.bench.primary?.id;
    return id ? { kind: "instance", instance: id, frame: this.bench.shown } : "Select an object that is saved.";
  }

  /** @returns {Place | string} */
  rangePlace() {
    const { range } = this.bench;
    return range ? { kind: "range", frame: range[0], last_frame: range[1] } : "Choose frames on the timeline first.";
  }

  /** Write a comment about `place`. @param {Place} place */
  begin(place) {
    this.chosen = true;
    this.put(place);
    byId("tab-comments").click();
    this.text.focus();
  }

  /** Unless a place was chosen, a comment is about the frame that is shown. */
  follow() {
    if (!this.chosen) this.put({ kind: "frame", frame: this.bench.shown });
  }

  /** Give up the place that was chosen, and what was written. */
  clear() {
    this.text.value = "";
    this.chosen = false;
    this.follow();
  }

  /** @param {Place} place */
  put(place) {
    const { store } = this.bench;
    this.place = place;
    const name = store.instances.get(store.keyOf(place.instance ?? 0) ?? "")?.name ?? "the object";
    this.where.textContent = `About: ${placeName(place, name)}`;
    this.cancel.hidden = !this.chosen;
    for (const [kind, button] of this.kinds) button.setAttribute("aria-pressed", String(kind === place.kind));
    this.dispatchEvent(new Event("place"));
  }

  async send() {
    const text = this.text.value.trim();
    if (text && (await this.discussion.write(text, this.place))) this.clear();
  }

  /** Show the threads; a reply that is being written keeps the focus and its caret. */
  show() {
    const { threads, open } = this.discussion;
    const field = this.list.contains(document.activeElement) ? document.activeElement : null;
    const writing = field instanceof HTMLInputElement ? field : null;
    const id = writing?.closest("[data-thread]")?.getAttribute("data-thread");
    const caret = writing?.selectionStart ?? null;
    const rows = threads.map((one) => threadElement(this.bench, this.discussion, one));
    this.list.replaceChildren(...(rows.length ? rows : [make("p", { class: "small muted" }, "Nobody has commented yet.")]));
    byId("tab-comments").textContent = open ? `Comments (${open})` : "Comments";
    if (!id) return;
    const again = this.fieldOf(Number(id));
    again?.focus();
    again?.setSelectionRange(caret, caret);
  }

  /** @param {number} id of a thread's first comment */
  fieldOf(id) {
    return this.list.querySelector(`[data-thread="${id}"]`)?.querySelector("input");
  }

  /** Show a thread, and where it is pinned. @param {Thread} thread */
  reveal(thread) {
    byId("tab-comments").click();
    visit(this.bench, thread.first);
    this.list.querySelector(`[data-thread="${thread.first.id}"]`)?.scrollIntoView({ block: "nearest" });
    this.fieldOf(thread.first.id)?.focus({ preventScroll: true });
  }
}
