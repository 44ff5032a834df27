// @ts-check
// Sends what waits, in order and one at a time, and says how that stands. No DOM.

/** @typedef {import("../../shared/api.js").ApiError} ApiError */
/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Row} Row */
/** @typedef {"saved" | "saving" | "offline" | "conflict" | "refused" | "signed-out"} State */
/**
 * What the sender needs of the world around it.
 * @typedef {object} Doors
 * @property {(row: Row) => Promise<any>} post rejects with an ApiError
 * @property {(rows: Row[]) => Row[]} leave send the first of these in one request whose answer nobody reads; returns which
 * @property {() => Promise<string>} renew whether requests are still this person's: empty, or what to do
 * @property {(row: Row, answer: any) => void} confirmed
 * @property {(row: Row, error: ApiError) => boolean} conflicted false when nothing can be chosen: it is refused then
 * @property {(row: Row, error: ApiError) => void} refused
 */

const BACKOFF_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
const SIGNED_OUT_MS = 5000;
const SIGNED_OUT = "You are signed out. Sign in again, in another tab: what you changed is kept here.";

export class Sender extends EventTarget {
  /**
   * @param {Outbox} outbox
   * @param {Doors} doors
   */
  constructor(outbox, doors) {
    super();
    this.outbox = outbox;
    this.doors = doors;
    /** @type {State} */
    this.state = "saved";
    this.sentence = "";
    /** @type {Date | null} */
    this.savedAt = null;
    /** @type {Promise<unknown>} nothing is sent before what an earlier page left is known */
    this.ready = Promise.resolve();
    this.failures = 0;
    /** @type {Row | null} the one that the page's token was renewed for */
    this.renewed = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Promise<void> | null} */
    this.working = null;
    /** The page was left, and what could go along is on its way. */
    this.gone = false;
  }

  /** @param {State} state @param {string} [sentence] */
  say(state, sentence = "") {
    this.state = state;
    this.sentence = sentence;
    this.dispatchEvent(new Event("state"));
  }

  /** Something waits: send it in `wait` milliseconds, unless more comes. @param {number} wait Infinity leaves it to `send` */
  soon(wait) {
    const resting = this.state === "saved" || this.state === "refused";
    if (resting) this.say("saving");
    else this.say(this.state, this.sentence);
    // While the server is away it is asked again at its own pace.
    if (!resting && this.state !== "saving") return;
    clearTimeout(this.timer);
    if (Number.isFinite(wait)) this.timer = setTimeout(() => void this.send(), wait);
  }

  /** Send all that waits; resolves when that is over, well or not. @returns {Promise<void>} */
  send() {
    clearTimeout(this.timer);
    // The same edits again, one by one, would overtake those that go along.
    if (this.gone) return Promise.resolve();
    this.working ??= this.work().finally(() => (this.working = null));
    return this.working;
  }

  async work() {
    await this.ready;
    if (this.state === "signed-out" && !(await this.allowed())) return;
    for (let row = this.outbox.rows[0]; row && this.state !== "conflict"; row = this.outbox.rows[0]) {
      if (this.state !== "offline") this.say("saving");
      if (!(await this.attempt(row))) return;
    }
    if (this.outbox.rows.length || this.state === "saved" || this.state === "conflict" || this.state === "refused") return;
    this.savedAt = new Date();
    this.say("saved");
  }

  /** @param {Row} row @returns {Promise<boolean>} whether it is over; false when it has to be sent again */
  async attempt(row) {
    await this.mark(row);
    if (!this.outbox.rows.includes(row)) return true;
    let answer;
    try {
      answer = await this.doors.post(row);
    } catch (error) {
      return this.failed(row, apiError(error));
    }
    this.failures = 0;
    if (this.state !== "saving") this.say("saving");
    this.doors.confirmed(row, answer);
    return true;
  }

  /**
   * From here on it may have reached the server: undoing it is the server's then. That is written down first, so
   * that a crash leaves no doubt.
   * @param {Row} row
   */
  async mark(row) {
    if (row.attempted) return;
    row.attempted = true;
    await this.outbox.keep(row);
  }

  /** @param {Row} row @param {ApiError} error @returns {Promise<boolean>} whether it is over */
  async failed(row, error) {
    if (error.status === 401) return this.again("signed-out", SIGNED_OUT);
    if (error.status === 403 && /CSRF/i.test(error.message) && this.renewed !== row) {
      this.renewed = row;
      return this.allowed();
    }
    if (error.status === 0 || error.status === 429 || error.status >= 500) return this.again("offline", error.message);
    if (error.code === "already_undone" || error.code === "not_undone") {
      // It arrived the first time, and only the answer was lost.
      this.doors.confirmed(row, null);
      return true;
    }
    if (error.code === "stale_version" && this.doors.conflicted(row, error)) {
      this.say("conflict", error.message);
      return false;
    }
    this.doors.refused(row, error);
    this.say("refused", error.message);
    return true;
  }

  /** Ask whether this person may go on; says so when not. */
  async allowed() {
    let obstacle;
    try {
      obstacle = await this.doors.renew();
    } catch (error) {
      const { status, message } = apiError(error);
      return status === 401 ? this.again("signed-out", SIGNED_OUT) : this.again("offline", message);
    }
    if (obstacle) return this.again("signed-out", obstacle);
    this.say("saving");
    return true;
  }

  /** Try again after a while. @param {"offline" | "signed-out"} state @param {string} sentence @returns {false} */
  again(state, sentence) {
    const wait = state === "signed-out" ? SIGNED_OUT_MS : (BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)] ?? 0);
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), wait);
    this.say(state, sentence);
    return false;
  }

  /** The page is left: what fits into one last request goes along; the rest is kept. */
  leave() {
    if (this.working || this.state !== "saving") return;
    // Whoever opens the task next sends it again under the same keys, and reads the answers.
    const sent = this.doors.leave(this.outbox.rows);
    this.gone = sent.length > 0;
    for (const row of sent) void this.mark(row);
  }

  /** The page was only set aside, and is shown again. */
  back() {
    this.gone = false;
    void this.send();
  }
}

/** @param {unknown} error @returns {ApiError} */
function apiError(error) {
  if (error instanceof Error && "status" in error) return /** @type {ApiError} */ (error);
  throw error;
}
