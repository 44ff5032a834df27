// @ts-check
// Saves one change after the other, says how that stands, and keeps what could not be sent.

import { ApiError, ask } from "../shared/api.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./labels.js").Labels} Labels */
/** @typedef {import("./types.js").Label} Label */
/** @typedef {{key: string, run: () => Promise<void>}} Operation */
/** @typedef {{instance: number, frame: number, shape: any, theirs: Label | null}} Conflict */
/** @typedef {"saved" | "saving" | "offline" | "conflict" | "refused"} State */

const AGAIN_MS = 3000;

export class Saving extends EventTarget {
  /**
   * @param {Bench} bench
   * @param {Labels} labels
   */
  constructor(bench, labels) {
    super();
    this.bench = bench;
    this.labels = labels;
    /** @type {Operation[]} */
    this.queue = [];
    /** @type {State} */
    this.state = "saved";
    this.sentence = "";
    /** @type {Date | null} */
    this.savedAt = null;
    /** @type {Conflict | null} */
    this.conflict = null;
    this.busy = false;
    window.addEventListener("online", () => this.work());
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.length || this.conflict) event.preventDefault();
    });
  }

  /**
   * @param {State} state
   * @param {string} [sentence]
   */
  say(state, sentence = "") {
    this.state = state;
    this.sentence = sentence;
    this.dispatchEvent(new Event("state"));
  }

  /**
   * Show a label as it was drawn, and save it. A later drawing of the same label takes the place of
   * one that has not been sent yet.
   * @param {number} instance
   * @param {number} frame
   * @param {any} shape null marks the object absent
   */
  put(instance, frame, shape) {
    const known = this.labels.get(instance, frame);
    this.labels.put({ ...(known ?? fresh(instance, frame)), shape, protected: true, provenance: "manual", draft: true });
    this.add(`label ${instance} ${frame}`, () => this.send(instance, frame));
  }

  /**
   * Say whether a change of this label has not reached the server yet.
   * @param {number} instance
   * @param {number} frame
   */
  waits(instance, frame) {
    return this.queue.some((one) => one.key === `label ${instance} ${frame}`);
  }

  /**
   * @param {number} instance
   * @param {number} frame
   */
  async send(instance, frame) {
    const label = this.labels.get(instance, frame);
    if (!label?.draft) return;
    const path = `instances/${instance}/labels/${frame}/`;
    const options = { ifMatch: label.version };
    try {
      const saved = label.shape
        ? await ask("PUT", path, { shape: label.shape }, options)
        : await ask("DELETE", path, undefined, options);
      this.took(label, saved);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "stale_version") throw error;
      this.conflict = { instance, frame, shape: label.shape, theirs: error.details["current"] ?? null };
    }
  }

  /**
   * The server has `sent`. What was drawn meanwhile stays a draft, of the version that is there now.
   * @param {Label} sent
   * @param {Label} saved
   */
  took(sent, saved) {
    const now = this.labels.get(sent.instance, sent.frame);
    this.labels.put(now?.draft && now !== sent ? { ...now, version: saved.version } : saved);
  }

  /** Put mine over theirs. */
  keepMine() {
    const conflict = this.conflict;
    if (!conflict) return;
    this.conflict = null;
    const known = this.labels.get(conflict.instance, conflict.frame);
    const version = conflict.theirs?.version ?? 0;
    this.labels.put({ ...(known ?? fresh(conflict.instance, conflict.frame)), shape: conflict.shape, version, draft: true });
    this.add(`label ${conflict.instance} ${conflict.frame}`, () => this.send(conflict.instance, conflict.frame));
  }

  /** Drop mine for theirs. */
  takeTheirs() {
    const conflict = this.conflict;
    if (!conflict) return;
    this.conflict = null;
    if (conflict.theirs) this.labels.put(conflict.theirs);
    else this.labels.drop(conflict.instance, conflict.frame);
    this.say("saving");
    this.work();
  }

  /**
   * Do something after what is queued, as part of what the save state tells of.
   * @param {string} key of two operations with one key that wait, the second is left out
   * @param {() => Promise<void>} run
   */
  add(key, run) {
    const waiting = this.busy ? this.queue.slice(1) : this.queue;
    if (!waiting.some((one) => one.key === key)) this.queue.push({ key, run });
    this.work();
  }

  async work() {
    if (this.busy) return;
    this.busy = true;
    while (this.queue[0] && !this.conflict) {
      this.say("saving");
      if (!(await this.attempt(this.queue[0]))) break;
      this.queue.shift();
    }
    this.busy = false;
    if (this.conflict) this.say("conflict");
    else if (!this.queue.length && this.state === "saving") this.done();
  }

  done() {
    this.savedAt = new Date();
    this.say("saved");
  }

  /**
   * @param {Operation} operation
   * @returns {Promise<boolean>} whether it is over, well or not; false when it has to be tried again
   */
  async attempt(operation) {
    try {
      await operation.run();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 0 || error.status >= 500) {
        this.say("offline", error.message);
        setTimeout(() => this.work(), AGAIN_MS);
        return false;
      }
      await this.refused(operation, error);
      return true;
    }
  }

  /**
   * The server said no: what it has is shown again, with its sentence.
   * @param {Operation} operation
   * @param {ApiError} error
   */
  async refused(operation, error) {
    const [, instance, frame] = /^label (\d+) (\d+)$/.exec(operation.key) ?? [];
    if (instance && frame) {
      this.labels.drop(Number(instance), Number(frame));
      await this.labels.read(Number(frame), Number(frame)).catch(() => {});
    }
    this.say("refused", error.message);
  }
}

/**
 * A label that the server does not have yet.
 * @param {number} instance
 * @param {number} frame
 * @returns {Label}
 */
function fresh(instance, frame) {
  return {
    instance, frame, shape: null, provenance: "manual", confidence: 1, protected: true, version: 0, seq: 0,
    review: "unreviewed",
  };
}
