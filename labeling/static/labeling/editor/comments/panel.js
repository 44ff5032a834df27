// @ts-check
// The panel of comments: a new one with its place, and the threads.

import { byId, make } from "../../shared/dom.js";
import { placeName } from "./threads.js";
import { threadElement, visit } from "./thread.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./discussion.js").Discussion} Discussion */
/** @typedef {import("./threads.js").Place} Place */
/** @typedef {import("./threads.js").Thread} Thread */

export class CommentPanel {
  /**
   * @param {Bench} bench
   * @param {HTMLElement} place
   * @param {Discussion} discussion
   */
  constructor(bench, place, discussion) {
    this.bench = bench;
    this.discussion = discussion;
    /** @type {Place} where a new comment goes */
    this.place = { kind: "frame", frame: bench.shown };
    this.chosen = false;
    this.where = make("p", { class: "small muted", id: "comment-place" });
    this.text = make("textarea", { id: "comment-text", maxlength: "5000", rows: "3", placeholder: "Write a comment; @name tells a member" });
    this.list = make("div", { class: "threads", id: "threads" });
    this.form = this.build();
    if (bench.facts.mayComment) place.append(this.form);
    place.append(this.list);
    discussion.addEventListener("change", () => this.show());
    bench.on(["shown", "range", "selection"], () => this.follow());
    this.follow();
  }

  build() {
    const { facts } = this.bench;
    const names = make("datalist", { id: "mentions" }, ...facts.members.map((one) => make("option", { value: `@${one.name}` })));
    const kinds = make(
      "div", { class: "actions", role: "group", "aria-label": "What the comment is about" },
      this.kind("Frame", () => ({ kind: "frame", frame: this.bench.shown })),
      this.kind("Object", () => this.objectPlace()),
      this.kind("Range", () => this.rangePlace()),
      this.kind("Task", () => ({ kind: "task" })),
    );
    const form = make(
      "form", { class: "compose stack tight", id: "comment-form" },
      make("label", { for: "comment-text", class: "unseen" }, "Comment"),
      this.where, kinds, this.text, names,
      make("div", { class: "actions" }, make("button", { type: "submit", class: "primary small" }, "Comment")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    return form;
  }

  /** @param {string} name @param {() => Place | string} place a sentence says why it cannot be */
  kind(name, place) {
    const button = make("button", { type: "button", class: "small quiet" }, name);
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
    this.place = place;
    this.chosen = true;
    byId("tab-comments").click();
    this.sayPlace();
    this.text.focus();
  }

  /** Unless a place was chosen, a comment is about the frame that is shown. */
  follow() {
    if (!this.chosen) this.place = { kind: "frame", frame: this.bench.shown };
    this.sayPlace();
  }

  sayPlace() {
    const { store } = this.bench;
    this.where.textContent = `About: ${placeName(this.place, (id) => store.instances.get(store.keyOf(id) ?? "")?.name ?? "the object")}`;
  }

  async send() {
    const text = this.text.value.trim();
    if (!text || !(await this.discussion.write(text, this.place))) return;
    this.text.value = "";
    this.chosen = false;
    this.follow();
  }

  show() {
    const { threads, open } = this.discussion;
    const rows = threads.map((one) => threadElement(this.bench, this.discussion, one));
    this.list.replaceChildren(...(rows.length ? rows : [make("p", { class: "small muted" }, "Nobody has commented yet.")]));
    byId("tab-comments").textContent = open ? `Comments (${open})` : "Comments";
  }

  /** Show a thread, and where it is pinned. @param {Thread} thread */
  reveal(thread) {
    byId("tab-comments").click();
    visit(this.bench, thread.first);
    const element = this.list.querySelector(`[data-thread="${thread.first.id}"]`);
    element?.scrollIntoView({ block: "nearest" });
    element?.querySelector("input")?.focus();
  }
}
