// @ts-check
// Sparkles: all objects of a class on the frame that is shown, at once. One edit, one step of undo.

import { SamDraft } from "./draft.js";
import { kept, titleOf } from "./keep.js";
import { excludes, purpose } from "./panoptic.js";
import { Prompts } from "./prompts.js";
import { newUuid } from "../model/uuid.js";
import { counted } from "../jobs/runs.js";
import { waitingSays } from "./waiting.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */

const LATE_MS = 5000;

/** Event `change`: what is said of a class differs. */
export class Sparkles extends EventTarget {
  /** @param {Bench} bench */
  constructor(bench) {
    super();
    this.bench = bench;
    /** @type {SamDraft | null} what is looked for just now */
    this.draft = null;
    /** @type {{of: ObjectClass, sentence: string} | null} why the last press came to nothing: it stays to be read */
    this.said = null;
    bench.on(["shown"], () => this.say(null));
    this.prompts = new Prompts(bench.facts.task, { more: ({ subject }) => purpose(bench, subject), changed: () => {} });
  }

  /** @param {ObjectClass} of */
  isLooking(of) {
    return this.draft?.subject.of === of;
  }

  /** Label all objects of the class on this frame; pressed once more while it looks, it stops. @param {ObjectClass} of */
  async run(of) {
    const { bench } = this;
    const before = this.draft;
    this.draft = null;
    this.prompts.stop();
    this.say(null);
    if (before?.subject.of === of) return;
    const draft = (this.draft = new SamDraft(newUuid(), { key: null, of, frame: bench.shown }, "all"));
    const late = setTimeout(() => this.sayLate(draft), LATE_MS);
    try {
      // Labels that serve as examples have to be at the server.
      await bench.editing.flush().catch(() => {});
      if (this.draft === draft) await this.prompts.send(draft);
    } finally {
      clearTimeout(late);
    }
    if (this.draft !== draft) return;
    this.draft = null;
    this.finish(draft);
  }

  /** @param {SamDraft} draft */
  sayLate(draft) {
    const { sentence } = waitingSays(LATE_MS, this.prompts.standing);
    if (this.draft === draft) this.bench.say(sentence);
  }

  /** @param {{of: ObjectClass, sentence: string} | null} said */
  say(said) {
    if (said === this.said) return;
    this.said = said;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {SamDraft} draft */
  finish(draft) {
    const { bench } = this;
    const { subject, shapes, notes, madeBy } = draft;
    const { name } = subject.of;
    const nothing = why(draft, bench.shown);
    if (nothing) {
      bench.say(nothing, draft.current ? "info" : "warn");
      this.say({ of: subject.of, sentence: nothing });
      return;
    }
    const { operations } = kept(subject, shapes, { newKey: () => bench.editing.newKey(), exclude: excludes(bench, subject.of) });
    if (bench.edit(titleOf(name, shapes.length, true), operations)) bench.say([`${counted(shapes.length, "object")} of ${name} found by ${madeBy}.`, ...notes].join(" "));
  }
}

/** Why nothing is added; empty where something is. @param {SamDraft} draft @param {number} shown the frame */
function why({ subject, shapes, notes, current, sentence }, shown) {
  if (subject.frame !== shown) return `Another frame was shown meanwhile: nothing was added on frame ${subject.frame}.`;
  if (!current) return sentence;
  return shapes.length ? "" : [`No object of ${subject.of.name} was found.`, ...notes].join(" ");
}
