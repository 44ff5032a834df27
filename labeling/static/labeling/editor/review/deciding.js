// @ts-check
// Accepting, rejecting and clearing: the item under review, the selected objects, or chosen frames.

import { askReason } from "./reasons.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("./stepper.js").Stepper} Stepper */
/** @typedef {"accepted" | "rejected" | "cleared"} Word */
/** @typedef {"label" | "object" | "range"} Scope */

/** @type {Record<Word, string>} */
const VERBS = { accepted: "Accept", rejected: "Reject", cleared: "Clear the decision on" };

export class Deciding {
  /**
   * @param {Bench} bench
   * @param {Stepper} stepper
   */
  constructor(bench, stepper) {
    this.bench = bench;
    this.stepper = stepper;
    /** @type {Scope} */
    this.scope = "object";
  }

  /**
   * What a decision would be about now.
   * @returns {{keys: Key[], first: number, last: number}}
   */
  target() {
    const { bench, stepper } = this;
    const item = stepper.on ? stepper.item : null;
    if (item) return { keys: [item.instance], first: item.first, last: item.last };
    const keys = [...bench.selection];
    if (this.scope === "range" && bench.range) return { keys, first: bench.range[0], last: bench.range[1] };
    if (this.scope === "label") return { keys, first: bench.shown, last: bench.shown };
    return { keys, first: bench.facts.first, last: bench.facts.last };
  }

  /** Decide on what `target` says, and go on to the next item while stepping. @param {Word} word */
  async decide(word) {
    const target = this.target();
    if (!target.keys.length) {
      this.bench.say("Select the objects to decide on.", "warn");
      return;
    }
    const what = this.named(target);
    const reason = word === "rejected" ? await askReason(what, this.bench.preferences.get("reject_reasons")) : "";
    if (reason === null) return;
    const { keys, first, last } = target;
    /** @type {Operation[]} */
    const operations = keys.map((instance) => ({
      op: "review.decide", instance, decision: word, first, last, ...(reason ? { reason } : {}),
    }));
    if (!this.bench.edit(`${VERBS[word]} ${what}`, operations)) return;
    if (this.stepper.on && word !== "cleared" && !this.stepper.step(1)) this.bench.say("Everything here is decided.");
  }

  /** Decide on the chosen frames of the selected objects. @param {Word} word */
  async decideRange(word) {
    const before = this.scope;
    this.scope = "range";
    this.stepper.leave();
    await this.decide(word);
    this.scope = before;
  }

  /** @param {{keys: Key[], first: number, last: number}} target */
  named({ keys, first, last }) {
    const [only] = keys;
    const who = keys.length === 1 && only !== undefined ? (this.bench.store.instances.get(only)?.name ?? "the object") : `${keys.length} objects`;
    if (first === last) return `${who} on frame ${first}`;
    const { facts } = this.bench;
    return first <= facts.first && last >= facts.last ? who : `${who} on frames ${first} to ${last}`;
  }
}
