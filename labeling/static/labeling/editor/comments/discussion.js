// @ts-check
// The comments of the task: read, written, and followed while others write.

import { ask, askAll } from "../../shared/api.js";
import { threadsOf } from "./threads.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./threads.js").Comment} Comment */
/** @typedef {import("./threads.js").Place} Place */
/** @typedef {import("./threads.js").Thread} Thread */

export class Discussion extends EventTarget {
  /** @param {Bench} bench */
  constructor(bench) {
    super();
    this.bench = bench;
    /** @type {Thread[]} */
    this.threads = [];
    /** @type {Map<number, string>} replies that are being written, by the thread's first comment */
    this.drafts = new Map();
    /** @type {Map<number, string>} comments that are being edited, with what is written so far */
    this.edits = new Map();
    bench.sync.onEvent((event) => {
      if (event.task === bench.facts.task && event.kind.startsWith("comment.")) this.read();
    });
  }

  /** Read all comments; a network that is away is noticed by what is saved. */
  async read() {
    try {
      this.threads = threadsOf(await askAll(`tasks/${this.bench.facts.task}/comments/`));
      this.dispatchEvent(new Event("change"));
      this.bench.tell("comments");
    } catch (error) {
      this.refused(error);
    }
  }

  /** How many threads wait for an answer. */
  get open() {
    return this.threads.filter((one) => one.first.resolved_at === null).length;
  }

  /**
   * Write a comment, or a reply to one. Resolves with whether it was taken.
   * @param {string} text
   * @param {Place | {parent: number}} place
   */
  async write(text, place) {
    const body = "parent" in place ? { text, parent: place.parent } : { text, ...place };
    return this.attempt(() => ask("POST", `tasks/${this.bench.facts.task}/comments/`, body));
  }

  /** @param {Comment} comment @param {{text?: string, resolved?: boolean}} change */
  async change(comment, change) {
    return this.attempt(() => ask("PATCH", `comments/${comment.id}/`, change));
  }

  /** @param {Comment} comment */
  beginEdit(comment) {
    this.edits.set(comment.id, comment.text);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Comment} comment */
  endEdit(comment) {
    this.edits.delete(comment.id);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Comment} comment */
  async remove(comment) {
    return this.attempt(() => ask("DELETE", `comments/${comment.id}/`));
  }

  /** @param {() => Promise<unknown>} call */
  async attempt(call) {
    try {
      await call();
      await this.read();
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    }
  }

  /** @param {unknown} error */
  refused(error) {
    this.bench.say(error instanceof Error ? error.message : String(error), "bad");
  }
}
