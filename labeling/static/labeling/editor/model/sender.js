// @ts-check
// Sends what waits, in order and one at a time, and says how that stands.

import { ApiError, ask } from "../../shared/api.js";

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Row} Row */
/** @typedef {"saved" | "saving" | "offline" | "conflict" | "refused" | "signed-out"} State */

const BACKOFF_MS = [1000, 2000, 4000, 8000, 15_000];

export class Sender extends EventTarget {
  /**
   * @param {number} task
   * @param {Outbox} outbox
   * @param {{confirmed: (row: Row, answer: any) => void, conflict: (row: Row, error: ApiError) => void, refused: (row: Row, error: ApiError) => void}} told
   */
  constructor(task, outbox, told) {
    super();
    this.task = task;
    this.outbox = outbox;
    this.told = told;
    /** @type {State} */
    this.state = "saved";
    this.sentence = "";
    /** @type {Date | null} */
    this.savedAt = null;
    /** @type {Row | null} on its way: it can no longer be taken back here */
    this.sending = null;
    this.failures = 0;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {Promise<void> | null} */
    this.working = null;
    window.addEventListener("online", () => this.send());
  }

  /** @param {State} state @param {string} [sentence] */
  say(state, sentence = "") {
    this.state = state;
    this.sentence = sentence;
    this.dispatchEvent(new Event("state"));
  }

  /** Something waits: send it in `wait` milliseconds, unless more comes. @param {number} wait Infinity leaves it to `send` */
  soon(wait) {
    if (this.state === "saved" || this.state === "refused") this.say("saving");
    else this.say(this.state, this.sentence);
    clearTimeout(this.timer);
    if (Number.isFinite(wait)) this.timer = setTimeout(() => this.send(), wait);
  }

  /** Send all that waits; resolves when that is over, well or not. @returns {Promise<void>} */
  send() {
    clearTimeout(this.timer);
    this.working ??= this.turn().finally(() => (this.working = null));
    return this.working;
  }

  /** One page of a person sends at a time. */
  async turn() {
    if (!navigator.locks) return this.work();
    await navigator.locks.request(`labelyard-outbox-${this.task}`, () => this.work());
  }

  async work() {
    for (let row = this.outbox.rows[0]; row && this.state !== "conflict"; row = this.outbox.rows[0]) {
      this.say("saving");
      this.sending = row;
      const over = await this.attempt(row).finally(() => (this.sending = null));
      if (!over) return;
    }
    if (this.state === "saving") {
      this.savedAt = new Date();
      this.say("saved");
    }
  }

  /** @param {Row} row @returns {Promise<boolean>} whether it is over; false when it has to be sent again */
  async attempt(row) {
    try {
      // What is not on the shelf yet could be lost after it was sent, and be sent twice: the key makes that one edit.
      const answer = await ask("POST", this.pathOf(row), row.kind === "edit" ? bodyOf(row) : undefined);
      this.failures = 0;
      this.told.confirmed(row, answer);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return this.failed(row, error);
    }
  }

  /** @param {Row} row @param {ApiError} error */
  failed(row, error) {
    if (error.status === 401) {
      this.say("signed-out", "You are signed out. Sign in again, in another tab: what you changed is kept here.");
      this.again();
      return false;
    }
    if (error.status === 0 || error.status === 429 || error.status >= 500) {
      this.say("offline", error.message);
      this.again();
      return false;
    }
    if (error.code === "stale_version" && row.kind === "edit") {
      this.told.conflict(row, error);
      this.say("conflict", error.message);
      return false;
    }
    this.told.refused(row, error);
    this.say("refused", error.message);
    return true;
  }

  again() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)]);
    this.failures += 1;
  }

  /** @param {Row} row */
  pathOf(row) {
    const edits = `tasks/${this.task}/edits/`;
    return row.kind === "edit" ? edits : `${edits}${row.key}/${row.kind}/`;
  }
}

/** @param {Row} row */
export function bodyOf({ key, title, operations }) {
  return { key, title, operations };
}
