// @ts-check
// Single-object detection in the popup: what a drag means, whom the draft is for, and who answers.

import { make } from "../../shared/dom.js";
import { segments } from "./segments.js";
import { subjectOf } from "./segmentable.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sam.js").Sam} Sam */

const DRAG = /** @type {const} */ ([["one", "1 object"], ["many", "n objects"]]);
const HINT = "Click an object, or drag over an area. Right click or Alt+click excludes. Without a mouse: the arrow keys.";
const AWAY = "No worker that answers clicks is online now. Clicks wait for one.";
/** @type {Record<string, string>} */
const NAMES = { sam3: "SAM 3", sam2: "SAM 2", classical: "the classical segmenter" };

/** A segmenter as people call it. @param {string} name */
export function segmenterName(name) {
  return NAMES[name] ?? name;
}

export class SinglePart {
  /** @param {Bench} bench @param {Sam} sam */
  constructor(bench, sam) {
    this.bench = bench;
    this.sam = sam;
    this.drag = segments("sam-objects", "What a drag means", DRAG, (value) => bench.preferences.set("sam_objects", value));
    this.whom = make("span", { id: "sam-whom" });
    this.fresh = make("button", { type: "button", class: "small quiet", id: "sam-fresh" }, "New object instead");
    this.fresh.addEventListener("click", () => bench.select([]));
    this.hint = make("p", { class: "small muted", id: "sam-hint" });
    this.aim = make("p", { class: "small muted", id: "sam-aim", role: "status" });
    this.dragLine = make("div", { class: "sam-line" }, make("span", { class: "small muted", "aria-hidden": "true" }, "A drag means"), this.drag.element);
    this.element = make(
      "div", { class: "stack tight" },
      this.dragLine,
      make("p", { class: "small sam-whom" }, this.whom, this.fresh),
      this.hint,
      this.aim,
    );
  }

  show() {
    const { bench, sam } = this;
    this.drag.show(bench.preferences.get("sam_objects"));
    this.dragLine.hidden = sam.kind === "all";
    const meant = sam.draft?.subject ?? subjectOf(bench);
    const subject = sam.kind === "all" && typeof meant !== "string" ? { ...meant, key: null } : meant;
    this.whom.textContent = typeof subject === "string" ? subject : this.meant(subject);
    this.fresh.hidden = typeof subject === "string" ? !bench.selection.size : subject.key === null;
    this.hint.hidden = sam.draft !== null;
    if (this.aim.textContent !== sam.aim.sentence) this.aim.textContent = sam.aim.sentence;
    this.hint.textContent = sam.kind === "all" ? this.finder() : `${HINT} ${this.who()}`;
  }

  /** @param {import("./types.js").Subject} subject */
  meant({ key, of, frame }) {
    const { store } = this.bench;
    const many = this.sam.kind === "all" || (this.sam.draft ? this.sam.draft.mode !== "object" : false);
    if (key === null) return many ? `New objects of ${of.name}.` : `A new object of ${of.name}.`;
    const instead = store.label(key, frame)?.shape ? ", in place of the one there" : "";
    return `The label of ${store.instances.get(key)?.name ?? of.name} on this frame${instead}.`;
  }

  /** Who finds all objects of a kind now, and by what. */
  finder() {
    const { answering } = this.sam;
    if (!answering) return "";
    if (answering.words) return `Names are understood by ${segmenterName(answering.words)}.`;
    if (!answering.examples) return "No worker that finds all objects of a kind is online now.";
    return `No worker understands names now. Objects that look like one to three labels of the class are found, by ${segmenterName(answering.examples)}.`;
  }

  who() {
    const { answering } = this.sam;
    if (!answering) return "";
    return answering.clicker ? `Answered by ${segmenterName(answering.clicker)}.` : AWAY;
  }
}
