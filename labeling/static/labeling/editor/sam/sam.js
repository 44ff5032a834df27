// @ts-check
// SAM mode: what is pointed at, asked for, shown and kept. The tool, the popup and the keys all speak to this.

import { Aim } from "./aim.js";
import { Aside } from "./aside.js";
import { resultsOf } from "./detecting.js";
import { SamDraft } from "./draft.js";
import { titleOf, kept } from "./keep.js";
import { excludes, purpose } from "./panoptic.js";
import { Prompts } from "./prompts.js";
import { Results } from "./results.js";
import { subjectOf } from "./segmentable.js";
import { newUuid } from "../model/uuid.js";
import { RING_MS, waitingSays } from "./waiting.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {import("./types.js").Answering} Answering */
/** @typedef {import("./types.js").Click} Click */
/** @typedef {import("./types.js").Found} Found */

const FIRST_INCLUDE = "Click on the object first, then exclude parts of what is shown.";
const BUSY = "Save or cancel the objects that were found first.";
const SWITCH = "Set the popup to Single-object detection to click on objects.";
const TICK_MS = 100;

/** Event `change`: something that is shown differs. */
export class Sam extends EventTarget {
  /** @param {Bench} bench */
  constructor(bench) {
    super();
    this.bench = bench;
    /** @type {"one" | "all"} what is looked for: single objects, or all of a kind */
    this.kind = "one";
    /** @type {import("./tracks.js").Tracks | null} put in by the room */
    this.tracks = null;
    /** @type {SamDraft | null} the one that is open on the frame that is shown */
    this.draft = null;
    this.aside = new Aside();
    this.aim = new Aim(this);
    this.results = new Results([]);
    /** @type {SamDraft | null} whose results those are */
    this.answered = null;
    /** @type {Found | null} the result that is pointed at */
    this.pointed = null;
    /** Save as soon as the answer is here. */
    this.saving = false;
    /** @type {Answering | null} null while that is not known */
    this.answering = null;
    this.prompts = new Prompts(bench.facts.task, { more: ({ subject }) => purpose(bench, subject), changed: () => this.changed() });
    /** @type {Found[] | null} of which `results` are */
    this.shapes = null;
    bench.on(["shown"], () => this.follow());
    bench.on(["class", "selection"], () => this.retarget());
    bench.on(["preferences"], () => this.changed());
  }

  get on() {
    return this.bench.tool?.name === "sam";
  }

  /** Something changed: results are of the newest answer, and those who show it are told. */
  changed() {
    const { draft } = this;
    if (this.shapes !== (draft?.shapes ?? null)) {
      this.shapes = draft?.shapes ?? null;
      this.results = resultsOf(draft, { of: this.answered, results: this.results });
      [this.answered, this.pointed] = [draft, null];
    }
    if (draft?.state !== "waiting" && this.saving) this.finish();
    const subject = this.draft?.subject;
    const held = this.bench.draft;
    if (subject && held?.instance !== subject.key) this.bench.setDraft({ instance: subject.key, objectClass: subject.of.id, frame: subject.frame, shape: null });
    this.dispatchEvent(new Event("change"));
    this.bench.canvas.invalidate();
  }

  /** A draft is begun on the frame that is shown; why not is said. @returns {SamDraft | null} */
  begin() {
    const subject = subjectOf(this.bench);
    if (typeof subject === "string") {
      this.bench.say(subject, "warn");
      return null;
    }
    // What was tracked before is kept with the next draft.
    this.tracks?.keep();
    this.draft = new SamDraft(newUuid(), subject);
    return this.draft;
  }

  /** Look for single objects, or for all of a kind. @param {"one" | "all"} kind */
  look(kind) {
    if (kind === this.kind) return;
    this.kind = kind;
    this.drop();
    this.changed();
  }

  /** The draft that a person points for: the open one, else a new one. @returns {SamDraft | null} */
  pointing() {
    if (this.kind === "one") return this.draft ?? this.begin();
    this.bench.say(SWITCH, "warn");
    return null;
  }

  /** @param {Click} click */
  click(click) {
    if (!click.include && !this.draft?.asks) {
      this.bench.say(FIRST_INCLUDE, "warn");
      return;
    }
    const draft = this.pointing();
    if (!draft) return;
    if (draft.mode !== "object") {
      this.bench.say(BUSY, "warn");
      return;
    }
    draft.point(click);
    this.ask();
  }

  /** A box was drawn: one object is in it, or all that lie in it are meant. @param {Rect} box */
  drag(box) {
    const draft = this.pointing();
    if (!draft) return;
    const many = this.bench.preferences.get("sam_objects") === "many";
    if (many) draft.subject = { ...draft.subject, key: null };
    draft.drag(box, many ? "area" : "object");
    this.ask();
  }

  /** Ask anew for what the draft says now. */
  ask() {
    const { draft } = this;
    if (!draft) return;
    this.saving = false;
    if (draft.asks) void this.prompts.send(draft);
    else {
      this.prompts.stop();
      draft.rest();
    }
    this.changed();
    this.tick();
  }

  /** While an answer is waited for, what is said of it goes on. */
  tick() {
    if (this.draft?.state !== "waiting") return;
    setTimeout(() => {
      if (this.draft?.state !== "waiting") return;
      this.dispatchEvent(new Event("change"));
      if (this.waited >= RING_MS) this.bench.canvas.invalidate();
      this.tick();
    }, TICK_MS);
  }

  get waited() {
    return performance.now() - this.prompts.since;
  }

  /** What is shown of the wait. */
  get waiting() {
    return this.draft?.state === "waiting" ? waitingSays(this.waited, this.prompts.standing) : { ring: false, sentence: "" };
  }

  /** Take back what was done last: a deleted result is there again; with the first point it was all. */
  back() {
    if (!this.draft) return;
    if (this.results.restore()) this.changed();
    else if (this.draft.back()) this.ask();
    else this.drop();
  }

  /** Drop the draft. @returns {boolean} whether there was one */
  drop() {
    if (this.tracks?.run) {
      void this.tracks.discard();
      return true;
    }
    if (!this.draft) return false;
    this.close();
    this.changed();
    return true;
  }

  /** The draft is no longer open. */
  close() {
    this.prompts.stop();
    this.draft = null;
    this.saving = false;
    this.bench.setDraft(null);
  }

  /** What would be saved now. @returns {Found[]} */
  get found() {
    if (!this.draft?.current) return [];
    return this.draft.mode === "object" ? this.draft.shapes.slice(0, 1) : this.results.kept;
  }

  /** Keep the draft as labels; while it is not answered, as soon as it is. @returns {boolean} */
  save() {
    if (this.tracks?.run) {
      this.tracks.keep();
      return true;
    }
    if (!this.draft) return false;
    if (this.draft.state === "waiting") {
      this.saving = true;
      this.changed();
      return true;
    }
    this.finish();
    return true;
  }

  /** Save what is here. */
  finish() {
    this.saving = false;
    if (this.found.length) this.keep();
    else this.bench.say(this.draft?.sentence || "There is nothing to save yet.", "warn");
  }

  /** Make labels of the draft, as one edit. @returns {{keys: Key[], edit: import("../types.js").Edit} | null} null when they were refused */
  keep() {
    const { draft, bench, found } = this;
    if (!draft || !found.length) return null;
    const { subject } = draft;
    const { operations, keys } = kept(subject, found, { newKey: () => bench.editing.newKey(), exclude: excludes(bench, subject.of) });
    const name = (subject.key === null ? null : bench.store.instances.get(subject.key)?.name) ?? subject.of.name;
    // The label that the draft stands for is shown again before it is replaced.
    bench.setDraft(null);
    const edit = bench.edit(titleOf(name, found.length, draft.mode === "all"), operations);
    if (edit) this.close();
    this.changed();
    return edit && { keys, edit };
  }

  /** Another frame is shown: its draft is open now, and that of the frame before is kept. */
  follow() {
    if (this.draft && this.draft.subject.frame !== this.bench.shown) this.leave();
    if (this.on && !this.draft && !this.bench.playing) this.comeBack();
    this.changed();
  }

  /** Put the draft aside; an answer that is on its way does not count any more. */
  leave() {
    const { draft } = this;
    if (!draft) return;
    this.aside.put(draft);
    this.close();
    this.changed();
    this.bench.say(`The draft on frame ${draft.subject.frame} is kept: it is there again when you come back in SAM mode.`);
  }

  comeBack() {
    const draft = this.aside.take(this.bench.shown, this.bench.store.instances);
    if (!draft) return;
    this.draft = draft;
    if (draft.state !== "answered") this.ask();
    this.changed();
  }

  /** Another class or object was chosen: the open draft is for that. */
  retarget() {
    const { draft } = this;
    if (!draft || draft.subject.frame !== this.bench.shown) {
      this.changed();
      return;
    }
    const subject = subjectOf(this.bench);
    if (typeof subject === "string") this.bench.say(`The draft stays one of ${draft.subject.of.name}. ${subject}`, "warn");
    else if (subject.key !== draft.subject.key || subject.of !== draft.subject.of) {
      draft.subject = draft.mode === "object" ? subject : { ...subject, key: null };
      this.ask();
    }
  }
}
