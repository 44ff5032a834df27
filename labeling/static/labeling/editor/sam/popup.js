// @ts-check
// The popup of SAM mode: what is asked for, how that stands, what was found, and what becomes of it.

import { byId, make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { SinglePart } from "./single.js";
import { ResultList } from "./resultlist.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("./sam.js").Sam} Sam */

export class Popup {
  /** @param {Bench} bench @param {Sam} sam */
  constructor(bench, sam) {
    this.bench = bench;
    this.sam = sam;
    this.title = make("h2", { id: "sam-title" });
    this.single = new SinglePart(bench, sam);
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
    const close = this.button("sam-close", icon("close"), () => this.bench.actions.run("sam.toggle"), "quiet icon small");
    close.setAttribute("aria-label", "Leave SAM mode");
    close.title = this.bench.actions.hint("sam.toggle", "Leave SAM mode");
    return make(
      "section", { id: "sam-popup", class: "sam-popup", "aria-labelledby": "sam-title", hidden: true },
      make("div", { class: "sam-head" }, icon("wand"), this.title, close),
      this.single.element,
      make("div", { class: "sam-status" }, this.status, this.again),
      this.notes,
      this.results.element,
      this.made,
      make("div", { class: "actions sam-foot" }, this.saveButton, this.cancelButton),
    );
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
    this.single.show();
    this.showStatus();
    this.results.show();
    this.showFoot();
    this.place();
  }

  showStatus() {
    const { draft, waiting, found } = this.sam;
    const empty = draft?.current && !draft.shapes.length ? "Nothing was found there. Click elsewhere on it, or draw a box." : "";
    const sentence = draft?.sentence || waiting.sentence || empty || (this.sam.saving ? "It is saved as soon as it is here." : "");
    if (this.status.textContent !== sentence) this.status.textContent = sentence;
    this.status.classList.toggle("is-bad", draft?.state === "failed");
    this.again.hidden = draft?.state !== "failed";
    this.notes.replaceChildren(...(draft?.notes ?? []).map((note) => make("li", {}, note)));
    const [first] = found;
    const score = draft?.mode === "object" && first ? `, score ${first.confidence.toFixed(2)}` : "";
    this.made.textContent = draft?.shapes.length && draft.madeBy ? `Made by ${draft.madeBy}${score}` : "";
    this.made.hidden = !this.made.textContent;
  }

  showFoot() {
    const { sam, bench, saveButton, cancelButton } = this;
    const many = sam.draft && sam.draft.mode !== "object";
    const count = many && sam.found.length > 1 ? ` ${sam.found.length} objects` : "";
    saveButton.textContent = `Save${count}`;
    saveButton.title = bench.actions.hint("tool.finish", "Keep it as a label");
    saveButton.disabled = !sam.found.length && sam.draft?.state !== "waiting";
    cancelButton.title = bench.actions.hint("tool.cancel", "Drop the draft");
    /** @type {HTMLElement} */ (saveButton.parentElement).hidden = sam.draft === null;
  }

  /** Beside the draft, not over it. */
  place() {
    const { draft } = this.sam;
    const at = draft?.order.at(-1) === "box" && draft.box ? draft.box.left + draft.box.width / 2 : draft?.points.at(-1)?.x;
    if (at === undefined) return;
    const { viewport } = this.bench;
    const [x] = viewport.toScreen(at, 0);
    const reach = this.element.offsetWidth + 24;
    if (x > viewport.width - reach) this.element.classList.add("is-left");
    else if (x < reach) this.element.classList.remove("is-left");
  }
}
