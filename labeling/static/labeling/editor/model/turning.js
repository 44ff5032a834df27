// @ts-check
// Undo and redo: of what was not sent yet here, of what the server has there, and of runs of the machine.

import { RunTurning } from "./runturning.js";
import { newUuid } from "./uuid.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./editing.js").Editing} Editing */
/** @typedef {import("./history.js").Step} Step */
/** @typedef {import("./outbox.js").Row} Row */

export class Turning {
  /**
   * @param {Bench} bench
   * @param {Editing} editing
   */
  constructor(bench, editing) {
    this.bench = bench;
    this.editing = editing;
    /** @type {Map<string, Row>} edits that were taken back before they were sent, by key */
    this.dropped = new Map();
    this.runs = new RunTurning(bench, editing);
    /** @type {Promise<unknown>} */
    this.turns = Promise.resolve();
  }

  /** One after the other: a run takes a while, and keys are pressed again meanwhile. @param {() => Promise<void>} work */
  inTurn(work) {
    const done = this.turns.then(work);
    this.turns = done.catch(() => {});
    return done;
  }

  /** What an earlier page left to be sent is history too. @param {Row} row */
  recall({ kind, key, title, id }) {
    const { history } = this.editing;
    if (kind !== "edit") history.mark(key, kind === "undo");
    else if (!history.step(key)) {
      history.push({ kind: "edit", key, title, undone: false, seq: null, patch: this.bench.store.patchOf(id) });
    }
  }

  /** Take the last step back. */
  undo() {
    return this.inTurn(() => this.undoLast());
  }

  /** Bring back what was undone last. */
  redo() {
    return this.inTurn(() => this.redoLast());
  }

  async undoLast() {
    const step = this.editing.history.undoable;
    if (!step) return;
    if (step.kind === "job") return this.runs.turn(step, "revert");
    const waiting = this.waiting(step);
    step.undone = true;
    if (waiting && waiting.kind !== "undo" && !waiting.attempted) {
      if (waiting.kind === "edit") this.dropped.set(step.key, waiting);
      this.unqueue(waiting);
    } else {
      this.turn(step, "undo");
    }
    this.bench.say(`Undone: ${step.title}`);
  }

  async redoLast() {
    const step = this.editing.history.redoable;
    if (!step) return;
    if (step.kind === "job") return this.runs.turn(step, "redo");
    const waiting = this.waiting(step);
    const dropped = this.dropped.get(step.key);
    step.undone = false;
    if (dropped) {
      this.dropped.delete(step.key);
      this.again(step, dropped);
    } else if (waiting?.kind === "undo" && !waiting.attempted) {
      this.unqueue(waiting);
    } else {
      this.turn(step, "redo");
    }
    this.bench.say(`Done again: ${step.title}`);
  }

  /** The last that waits about a step. @param {Step} step */
  waiting(step) {
    return this.editing.outbox.rows.filter((row) => row.key === step.key).at(-1);
  }

  /** What was not sent yet is not sent at all. @param {Row} row */
  unqueue(row) {
    this.editing.take(row);
    this.editing.soon();
    this.editing.dispatchEvent(new Event("history"));
  }

  /** An edit that was never sent, once more; on labels as they are now. @param {Step} step @param {Row} dropped */
  again(step, { id, kind, key, title, operations }) {
    const told = { id, kind, key, title, operations: this.editing.versioned(operations) };
    step.patch = this.bench.store.lay(id, told.operations);
    this.editing.queue(told);
  }

  /**
   * Have the server undo or redo an edit that it has; shown at once where it is known here what it replaced.
   * @param {Step} step
   * @param {"undo" | "redo"} kind
   */
  turn(step, kind) {
    const { store } = this.bench;
    const waiting = this.waiting(step);
    const patch = waiting ? store.patchOf(waiting.id) : step.patch;
    const id = newUuid();
    /** @type {Pick<Row, "id" | "kind" | "key" | "title" | "operations" | "back">} */
    const told = { id, kind, key: step.key, title: step.title, operations: [] };
    if (patch) {
      told.back = { patch, seq: waiting ? null : step.seq };
      store.layBack(id, patch, told.back.seq);
    }
    this.editing.queue(told);
  }
}
