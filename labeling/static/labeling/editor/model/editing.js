// @ts-check
// Changes by hand: shown at once, kept here until they are saved, and steps of undo across saves.

import { ask } from "../../shared/api.js";
import { offerConflict } from "./conflict.js";
import { take } from "./confirm.js";
import { History } from "./history.js";
import { MemoryShelf, openShelf, Outbox } from "./outbox.js";
import { Sender } from "./sender.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Edit} Edit */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("../types.js").EditOptions} EditOptions */
/** @typedef {import("./history.js").Step} Step */
/** @typedef {import("./outbox.js").Row} Row */
/** @typedef {import("../../shared/api.js").ApiError} ApiError */

const MERGE_MS = 1000;
const HISTORY_READ = 100;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Events: `state` when saving goes on, `history` when undo or redo mean something else. */
export class Editing extends EventTarget {
  /** @param {Bench} bench */
  constructor(bench) {
    super();
    this.bench = bench;
    this.history = new History();
    this.outbox = new Outbox(new MemoryShelf());
    this.sender = new Sender(bench.facts.task, this.outbox, this);
    this.sender.addEventListener("state", () => this.dispatchEvent(new Event("state")));
    /** @type {{tag: string, row: Row, at: number} | null} the edit that one with the same tag would join */
    this.last = null;
    /** @type {{row: Row, operations: Operation[], sentence: string}[]} what the server refused, to be looked at or kept */
    this.lost = [];
    /** @type {Map<string, Row>} edits that were undone before they were sent */
    this.dropped = new Map();
    this.lasts = true;
    this.opened = this.open();
    window.addEventListener("beforeunload", (event) => this.leaving(event));
    window.addEventListener("pagehide", () => void this.sender.send());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && void this.sender.send());
  }

  /** Take up what an earlier page left: it is shown again, and sent. */
  async open() {
    const { user, task } = this.bench.facts;
    const { shelf, lasts } = await openShelf(user.id, task);
    this.lasts = lasts;
    const here = this.outbox.rows;
    this.outbox.shelf = shelf;
    const before = await this.outbox.open();
    this.outbox.rows = before;
    for (const row of before) this.take(row);
    for (const row of here) await this.outbox.add(row);
    if (before.length) this.sender.soon(0);
    this.dispatchEvent(new Event("history"));
  }

  /** A row of an earlier page. @param {Row} row */
  take(row) {
    if (row.kind !== "edit") return;
    const patch = this.bench.store.lay(row.id, row.operations);
    this.history.push({ kind: "edit", key: row.key, title: row.title, undone: false, seq: null, patch });
  }

  /** Read what this person did on earlier pages, so that undo reaches back. */
  async readHistory() {
    const answer = await ask("GET", `tasks/${this.bench.facts.task}/edits/?mine=true&limit=${HISTORY_READ}`);
    this.history.load(
      answer.results.toReversed().map((/** @type {any} */ one) => ({
        kind: "edit", key: one.key, title: one.title || "Change", undone: one.undone, seq: one.seq, patch: null,
      })),
    );
    this.dispatchEvent(new Event("history"));
  }

  /** A new object's key. @returns {Key} */
  newKey() {
    return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => LETTERS[byte % 64]).join("");
  }

  get state() {
    return this.sender.state;
  }

  get undoable() {
    return this.history.undoable;
  }

  get redoable() {
    return this.history.redoable;
  }

  /**
   * @param {string} title
   * @param {Operation[]} operations
   * @param {EditOptions} [options]
   * @returns {Edit | null}
   */
  edit(title, operations, { merge } = {}) {
    if (!operations.length || !this.mayEdit(operations)) return null;
    const joined = merge ? this.join(merge, title, operations) : null;
    if (joined) return joined;
    const key = crypto.randomUUID();
    /** @type {Row} */
    const row = { id: key, kind: "edit", key, title, operations: operations.map((one) => this.versioned(one)), at: Date.now() };
    const patch = this.bench.store.lay(key, row.operations);
    this.history.push({ kind: "edit", key, title, undone: false, seq: null, patch });
    this.last = merge ? { tag: merge, row, at: Date.now() } : null;
    this.queue(row);
    return row;
  }

  /** Say why this person may not do it. @param {Operation[]} operations */
  mayEdit(operations) {
    const { mayEdit, mayJudge, barrier } = this.bench.facts;
    if (operations.every((one) => one.op === "review.decide") ? mayJudge : mayEdit) return true;
    this.bench.say(barrier || "You may look here, not change.", "warn");
    return false;
  }

  /**
   * Join the edit before, if it is of the same kind and was not sent yet.
   * @param {string} tag
   * @param {string} title
   * @param {Operation[]} operations
   * @returns {Edit | null}
   */
  join(tag, title, operations) {
    const { last } = this;
    if (!last || last.tag !== tag || Date.now() - last.at > MERGE_MS) return null;
    const { row } = last;
    if (this.sender.sending === row || !this.outbox.rows.includes(row)) return null;
    row.operations = merged(row.operations, operations.map((one) => this.versioned(one)));
    row.title = title;
    this.bench.store.lift(row.id);
    const patch = this.bench.store.lay(row.id, row.operations);
    const step = this.history.step(row.key);
    if (step) Object.assign(step, { patch, title });
    last.at = Date.now();
    void this.outbox.keep(row);
    this.soon();
    return row;
  }

  /** The version of a label that was seen belongs to what is done with it. @param {Operation} operation @returns {Operation} */
  versioned(operation) {
    if (operation.op !== "label.put" && operation.op !== "label.absent" && operation.op !== "label.remove") return operation;
    if (operation.version !== undefined) return operation;
    const { store } = this.bench;
    const seen = store.world.label(operation.instance, operation.frame);
    // Of a frame that was not read, no version was seen.
    return seen || store.loaded(operation.frame) ? { ...operation, version: seen?.version ?? 0 } : operation;
  }

  /** @param {Row} row */
  queue(row) {
    void this.outbox.add(row);
    this.soon();
    this.dispatchEvent(new Event("history"));
  }

  soon() {
    const { preferences } = this.bench;
    const seconds = Number(preferences.get("autosave_seconds") ?? 1.5);
    this.sender.soon(preferences.get("autosave") === false ? Infinity : seconds * 1000);
  }

  /** Take the last step back. */
  undo() {
    const step = this.history.undoable;
    if (!step) return;
    if (step.kind === "job") return this.turnJob(step, "revert");
    const waits = this.outbox.rows.find((one) => one.kind === "edit" && one.key === step.key);
    step.undone = true;
    if (waits && this.sender.sending !== waits) {
      this.dropped.set(step.key, waits);
      this.bench.store.lift(waits.id);
      void this.outbox.drop(waits);
      this.soon();
      this.dispatchEvent(new Event("history"));
    } else {
      this.turn(step, "undo");
    }
    this.bench.say(`Undid: ${step.title}`);
  }

  /** Bring back what was undone last. */
  redo() {
    const step = this.history.redoable;
    if (!step) return;
    if (step.kind === "job") return this.turnJob(step, "redo");
    step.undone = false;
    const dropped = this.dropped.get(step.key);
    if (step.seq === null && dropped) {
      step.patch = this.bench.store.lay(dropped.id, dropped.operations);
      const { n: _, ...row } = dropped;
      this.queue({ ...row, at: Date.now() });
    } else {
      this.turn(step, "redo");
    }
    this.bench.say(`Did again: ${step.title}`);
  }

  /**
   * Have the server undo or redo an edit that it has; shown at once where we know what it replaced.
   * @param {Step} step
   * @param {"undo" | "redo"} kind
   */
  turn(step, kind) {
    const id = crypto.randomUUID();
    if (step.patch) step.patch = this.bench.store.layBack(id, step.patch, step.seq);
    this.queue({ id, kind, key: step.key, title: step.title, operations: [], at: Date.now() });
  }

  /** A run of the machine was ordered here: it is a step as well. @param {number} id @param {string} title */
  pushJob(id, title) {
    this.history.push({ kind: "job", key: String(id), title, undone: false, seq: null, patch: null });
    this.dispatchEvent(new Event("history"));
  }

  /** A run was taken back or brought back elsewhere than by undo. @param {number} id @param {boolean | null} undone null: it never was */
  turnedJob(id, undone) {
    const step = this.history.step(String(id));
    if (!step) return;
    if (undone === null) this.history.forget(step.key);
    else step.undone = undone;
    this.dispatchEvent(new Event("history"));
  }

  /**
   * Take a run back, or bring it back. One that has not ended is cancelled, and its labels discarded.
   * @param {Step} step
   * @param {"revert" | "redo"} verb
   */
  async turnJob(step, verb) {
    const job = await ask("GET", `jobs/${step.key}/`);
    if (verb === "revert" && !job.finished_at) {
      await ask("POST", `jobs/${step.key}/cancel/`, { keep: false });
      this.history.forget(step.key);
      this.bench.say(`${step.title} was cancelled, its labels are discarded.`);
    } else {
      const { removed, kept, written } = await ask("POST", `jobs/${step.key}/${verb}/`);
      step.undone = verb === "revert";
      const rest = kept ? `, kept ${kept} that somebody touched since` : "";
      this.bench.say(verb === "revert" ? `Removed ${removed}${rest}.` : `Brought ${written ?? removed} back${rest}.`);
    }
    this.dispatchEvent(new Event("history"));
    await this.bench.sync.pull();
  }

  /** Send all that waits now. Rejects when something could not be saved. */
  async flush() {
    await this.opened;
    await this.sender.send();
    if (this.outbox.rows.length) throw new Error(this.sender.sentence || "Not everything is saved yet.");
  }

  /** The server has it. @param {Row} row @param {any} answer */
  confirmed(row, answer) {
    void this.outbox.drop(row);
    const step = this.history.step(row.key);
    if (step) step.seq = answer.seq;
    take(this.bench, this.outbox, row, answer);
    if (answer.kept) this.bench.say(`${answer.kept} of “${row.title}” stayed: somebody touched them since.`, "warn");
    this.dispatchEvent(new Event("history"));
  }

  /** Somebody changed the same. @param {Row} row @param {ApiError} error */
  conflict(row, error) {
    offerConflict(this.bench, row, error);
  }

  /** A conflict was settled: what is left of the edit is shown and sent. @param {Row} row */
  async settled(row) {
    const { store } = this.bench;
    store.lift(row.id);
    if (row.operations.length) {
      const step = this.history.step(row.key);
      const patch = store.lay(row.id, row.operations);
      if (step) step.patch = patch;
      await this.outbox.keep(row);
    } else {
      this.history.forget(row.key);
      await this.outbox.drop(row);
    }
    store.layAnew();
    this.bench.tell("labels");
    this.sender.say("saving");
    await this.sender.send();
  }

  /** The server said no: what it has is shown again, with its sentence. @param {Row} row @param {ApiError} error */
  refused(row, error) {
    this.lost.push({ row, operations: row.operations, sentence: error.message });
    void this.outbox.drop(row);
    if (row.kind === "edit") this.history.forget(row.key);
    this.bench.store.lift(row.id);
    this.bench.say(`“${row.title}” was not saved. ${error.message}`, "bad");
    this.bench.sync.refreshAll().catch(() => {});
    this.dispatchEvent(new Event("history"));
  }

  /** What is not kept anywhere else is asked about. @param {BeforeUnloadEvent} event */
  leaving(event) {
    const waits = this.outbox.rows.length > 0;
    if (waits && (!this.lasts || this.bench.preferences.get("autosave") === false)) event.preventDefault();
  }
}

/**
 * Two lists of operations as one: a later word on the same label takes the place of the earlier one.
 * @param {Operation[]} before
 * @param {Operation[]} after
 * @returns {Operation[]}
 */
export function merged(before, after) {
  const sameLabel = (/** @type {any} */ one, /** @type {any} */ other) =>
    one.op === other.op && one.instance === other.instance && one.frame === other.frame && one.frame !== undefined;
  return [...before.filter((one) => !after.some((other) => sameLabel(one, other))), ...after];
}
