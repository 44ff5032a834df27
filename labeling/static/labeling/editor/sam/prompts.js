// @ts-check
// Sending prompts and following them until they are answered; the newest one only.

import { ApiError, ask } from "../../shared/api.js";

/** @typedef {import("./types.js").Reply} Reply */
/** @typedef {import("./draft.js").SamDraft} SamDraft */
/** @typedef {{more: (draft: SamDraft) => Record<string, unknown>, changed: () => void}} Listening `more` travels with a draft's prompts */

const FOLLOW_SECONDS = 2;
const AGAIN_MS = 2000;
const ENDED = ["done", "superseded", "failed"];
const AWAY = "The server does not answer. Your clicks are kept, and sent again.";
/** A worker that ends at the same clicks again and again is not asked for ever by itself. */
const LOSSES_MAX = 1;

export class Prompts {
  /** @param {number} task @param {Listening} listening */
  constructor(task, { more, changed }) {
    this.path = `tasks/${task}/prompts/`;
    this.more = more;
    this.changed = changed;
    /** @type {AbortController | null} of the prompt that is on its way */
    this.abort = null;
    /** When it was sent, by `performance.now()`. */
    this.since = 0;
    /** @type {Reply | null} what the server said of it last */
    this.standing = null;
  }

  /** Nobody waits any more. */
  stop() {
    this.abort?.abort();
    this.abort = null;
    this.standing = null;
  }

  /** Ask what the draft asks now; resolves when there is an answer, or another prompt took its place. @param {SamDraft} draft */
  async send(draft) {
    this.stop();
    const abort = (this.abort = new AbortController());
    this.since = performance.now();
    try {
      await this.answer(draft, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) draft.fail(draft.seq, error instanceof Error ? error.message : String(error));
    }
    if (this.abort === abort) this.stop();
    this.changed();
  }

  /** @param {SamDraft} draft @param {AbortSignal} signal */
  async answer(draft, signal) {
    for (let losses = 0; ; losses += 1) {
      const body = draft.body(this.more(draft));
      const { seq } = draft;
      const reply = await this.reply(body, signal);
      if (signal.aborted) return;
      // What a worker took with it is asked of the next one.
      const lost = reply === null || reply.code === "worker_lost";
      if (lost && losses < LOSSES_MAX) continue;
      if (reply) draft.take(seq, reply);
      else draft.fail(seq, "Your clicks have expired. Send them again.");
      return;
    }
  }

  /** @param {Record<string, unknown>} body @param {AbortSignal} signal @returns {Promise<Reply | null>} null: forgotten by the server */
  async reply(body, signal) {
    /** @type {Reply} */
    let reply = await this.patiently("POST", this.path, body, signal);
    while (!ENDED.includes(reply.state)) {
      this.standing = reply;
      this.changed();
      const next = await this.patiently("GET", `${this.path}${reply.id}/?wait=${FOLLOW_SECONDS}`, undefined, signal);
      if (next === null) return null;
      reply = next;
    }
    return reply;
  }

  /**
   * Ask until the server answers at all.
   * @param {string} method @param {string} path @param {unknown} body @param {AbortSignal} signal
   */
  async patiently(method, path, body, signal) {
    for (;;) {
      try {
        return await ask(method, path, body, { signal });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 410) return null;
        if (error.status !== 0) throw error;
        this.standing = { id: "", state: "no_worker", code: error.code, sentence: AWAY, position: null, shapes: [], made_by: null };
        this.changed();
        await pause(AGAIN_MS, signal);
      }
    }
  }
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
