// @ts-check
// The popup of SAM mode: what is asked for, how that stands, what was found, and what becomes of it.

import { byId, make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { AllPart } from "./all.js";
import { segments } from "./segments.js";
import { SinglePart } from "./single.js";
import { movable } from "./moving.js";
import { ResultList } from "./resultlist.js";
import { TrackPart } from "./trackpart.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("./sam.js").Sam} Sam */

const EMPTY = {
  object: "Nothing was found there. Click elsewhere on it, or draw a box.",
  area: "No object was found that lies in this area.",
  all: "No such object was found on this frame. A lower threshold finds what is less sure.",
};
const KINDS = /** @type {const} */ ([["one", "Single-object detection"], ["all", "All objects prediction"]]);

export class Popup {
  /** @param {Bench} bench @param {Sam} sam @param {import("./tracks.js").Tracks} tracks */
  constructor(bench, sam, tracks) {
    this.bench = bench;
    this.sam = sam;
    this.title = make("h2", { id: "sam-title" });
    this.kind = segments("sam-kind", "What is looked for", KINDS, (value) => sam.look(/** @type {"one" | "all"} */ (value)));
    this.single = new SinglePart(bench, sam);
    this.all = new AllPart(bench, sam);
    this.tracks = tracks;
    this.tracking = new TrackPart(bench, tracks);
    this.results = new ResultList(bench, sam);
    this.status = make("p", { id: "sam-status", class: "small", role: "status" });
    this.again = this.button("sam-again", "Send again", () => sam.ask());
    this.notes = make("ul", { class: "sam-notes small muted" });
    this.made = make("p", { id: "sam-made", class: "small muted" });
    this.saveButton = this.button("sam-save", "Save", () => sam.save(), "small primary");
    this.cancelButton = this.button("sam-cancel", "Cancel", () => bench.actions.run("tool.cancel"));
    this.element = this.build();
    byId("stage").after(this.element);
    sam.addEventListener("change", () => this.show());
    bench.on(["tool", "class", "selection", "instances"], () => this.show());
    this.show();
  }

  build() {
    const head = make("div", { class: "sam-head" }, icon("wand"), this.title);
    const close = this.button("sam-close", icon("close"), () => this.bench.actions.run("sam.toggle"), "quiet icon small");
    close.setAttribute("aria-label", "Leave SAM mode");
    close.title = this.bench.actions.hint("sam.toggle", "Leave SAM mode");
    head.append(close);
    const popup = make(
      "section", { id: "sam-popup", class: "sam-popup", "aria-labelledby": "sam-title", hidden: true },
      head,
      this.kind.element,
      this.single.element,
      this.all.element,
      make("div", { class: "sam-status" }, this.status, this.again),
      this.notes,
      this.results.element,
      this.made,
      this.tracking.element,
      make("div", { class: "actions sam-foot" }, this.saveButton, this.cancelButton),
    );
    movable(popup, head);
    return popup;
  }

  /**
   * @param {string} id
   * @param {string | Node} content
   * @param {() => void} run
   * @param {string} [look]
   */
  button(id, content, run, look = "small") {
    const made = make("button", { type: "button", id, class: look }, content);
    made.addEventListener("click", () => {
      run();
      // Keys mean the frame again.
      if (!document.querySelector("dialog[open]")) byId("stage").focus({ preventScroll: true });
    });
    return made;
  }

  show() {
    const { sam, element } = this;
    element.hidden = !sam.on;
    if (!sam.on) return;
    const of = sam.draft?.subject.of ?? this.bench.currentClass;
    this.title.textContent = of ? `SAM: ${of.name}` : "SAM";
    this.kind.show(sam.kind);
    this.single.show();
    this.all.show();
    this.tracking.show(sam.draft !== null);
    this.showStatus();
    this.results.show();
    this.showFoot();
    this.place();
  }

  showStatus() {
    const { draft, waiting, found } = this.sam;
    const empty = draft?.current && !draft.shapes.length ? EMPTY[draft.mode] : "";
    const sentence = draft?.sentence || waiting.sentence || empty || (this.sam.saving ? "It is saved as soon as it is here." : "");
    if (this.status.textContent !== sentence) this.status.textContent = sentence;
    this.status.classList.toggle("is-bad", draft?.state === "failed");
    this.again.hidden = draft?.state !== "failed";
    this.notes.replaceChildren(...(draft?.notes ?? []).map((note) => make("li", {}, note)));
    const [first] = found;
    const score = draft?.mode === "object" && first ? `, score ${first.confidence.toFixed(2)}` : "";
    const took = draft ? Math.round((draft.times.opened ?? 0) + (draft.times.segmented ?? 0)) : 0;
    this.made.textContent = draft?.shapes.length && draft.madeBy ? `Made by ${draft.madeBy} in ${took} ms${score}` : "";
    this.made.hidden = !this.made.textContent;
  }

  showFoot() {
    const { sam, bench, saveButton, cancelButton, tracks } = this;
    const { run } = tracks;
    saveButton.textContent = sam.draft?.mode === "all" ? "Done" : "Save";
    saveButton.title = bench.actions.hint("sam.save", run ? "Keep the draft and what is tracked" : "Keep it as labels");
    saveButton.disabled = run ? run.discarded : !sam.found.length && sam.draft?.state !== "waiting";
    cancelButton.title = bench.actions.hint("tool.cancel", run ? "Take back the draft and what is tracked" : "Drop the draft");
    cancelButton.disabled = run?.discarded === true;
    /** @type {HTMLElement} */ (saveButton.parentElement).hidden = sam.draft === null && run === null;
  }

  /** Beside the draft, not over it: on the side where it hides less of what was set last. */
  place() {
    const { draft } = this.sam;
    const boxed = draft?.order.at(-1) === "box" ? draft.box : null;
    const from = boxed ? boxed.left : draft?.points.at(-1)?.x;
    if (from === undefined) return;
    const { viewport } = this.bench;
    const reach = this.element.offsetWidth + 24;
    const [left] = viewport.toScreen(from, 0);
    const [right] = viewport.toScreen(from + (boxed?.width ?? 0), 0);
    const [hidesAtLeft, hidesAtRight] = [reach - left, right - (viewport.width - reach)];
    if (hidesAtRight > Math.max(0, hidesAtLeft)) this.element.classList.add("is-left");
    else if (hidesAtLeft > Math.max(0, hidesAtRight)) this.element.classList.remove("is-left");
  }
}
