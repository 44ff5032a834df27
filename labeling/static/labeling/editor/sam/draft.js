// @ts-check
// A draft: what a person pointed at on one frame, and what came back. It knows no page. Pure.
//
// All points and the box are sent each time, so nothing is lost with a worker. Only the answer to what was sent last
// counts: `seq` says which that is.

/** @typedef {import("./types.js").Click} Click */
/** @typedef {import("./types.js").Found} Found */
/** @typedef {import("./types.js").Mode} Mode */
/** @typedef {import("./types.js").Reply} Reply */
/** @typedef {import("./types.js").Subject} Subject */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {"idle" | "waiting" | "answered" | "failed"} State `idle`: nothing that could be asked */

export class SamDraft {
  /** @param {string} id @param {Subject} subject @param {Mode} [mode] */
  constructor(id, subject, mode = "object") {
    this.id = id;
    this.subject = subject;
    this.mode = mode;
    /** What is looked for, where all objects are; empty: what its class is called. */
    this.words = "";
    /** @type {number | null} the least confidence that was asked for; null: what is usual */
    this.threshold = null;
    /** @type {Click[]} */
    this.points = [];
    /** @type {Rect | null} */
    this.box = null;
    /** @type {("point" | "box")[]} in which order they were set, to take the last one back */
    this.order = [];
    this.seq = 0;
    /** @type {State} */
    this.state = "idle";
    /** @type {Found[]} */
    this.shapes = [];
    /** @type {string} what made them, as people read it */
    this.madeBy = "";
    /** @type {string[]} */
    this.notes = [];
    /** @type {Record<string, number>} milliseconds of the answer, for measurements */
    this.times = {};
    /** Why there is no answer; empty while there may be one. */
    this.sentence = "";
  }

  /** @param {Click} click */
  point(click) {
    this.points.push(click);
    this.order.push("point");
  }

  /** A box takes the place of the one before. @param {Rect} box @param {Mode} mode one object, or all in it */
  drag(box, mode) {
    this.mode = mode;
    this.box = box;
    this.order = [...this.order.filter((one) => one !== "box"), "box"];
  }

  /** Take back what was set last. @returns {boolean} whether anything is left */
  back() {
    const last = this.order.pop();
    if (last === "point") this.points.pop();
    if (last === "box") [this.box, this.mode] = [null, "object"];
    return this.order.length > 0;
  }

  /** Whether there is anything that says where the object is. */
  get asks() {
    return this.mode === "all" || this.box !== null || this.points.some((one) => one.include);
  }

  /** The shapes are of what was asked last. */
  get current() {
    return this.state === "answered";
  }

  /**
   * What is sent now. Answers to what was sent before do not count any more.
   * @param {Record<string, unknown>} more what it is for, and what else travels with it
   * @returns {Record<string, unknown>}
   */
  body(more) {
    this.seq += 1;
    this.state = "waiting";
    this.sentence = "";
    const bare = { draft_id: this.id, seq: this.seq, frame: this.subject.frame, ...more };
    if (this.mode === "all") {
      const words = this.words ? { words: this.words } : {};
      return { ...bare, mode: "all", ...words, ...(this.threshold === null ? {} : { threshold: this.threshold }) };
    }
    if (this.mode === "area") return { ...bare, mode: "area", box: this.box };
    return { ...bare, points: this.points, ...(this.box ? { box: this.box } : {}) };
  }

  /** Nothing is asked any more. */
  rest() {
    this.seq += 1;
    this.state = "idle";
    this.shapes = [];
    this.notes = [];
    this.sentence = "";
  }

  /**
   * Take an answer.
   * @param {number} seq of the prompt that it answers
   * @param {Reply} reply
   * @returns {boolean} false for one that comes too late, and changes nothing
   */
  take(seq, reply) {
    if (seq !== this.seq || this.state !== "waiting") return false;
    if (reply.state !== "done") return this.fail(seq, reply.sentence);
    this.state = "answered";
    this.shapes = reply.shapes;
    this.notes = reply.notes ?? [];
    this.times = reply.times ?? {};
    this.madeBy = makerOf(reply);
    return true;
  }

  /** There is no answer; what was shown before stays. @param {number} seq @param {string} sentence */
  fail(seq, sentence) {
    if (seq !== this.seq) return false;
    this.state = "failed";
    this.sentence = sentence;
    return true;
  }
}

/** What made an answer, on what. A model's version says it already. @param {Reply} reply */
function makerOf({ made_by: maker }) {
  if (!maker) return "";
  const made = maker.version || maker.name;
  return maker.device && !made.includes(maker.device) ? `${made} on ${maker.device}` : made;
}
