// @ts-check
// Changes by hand: shown at once, kept here until they are saved, and steps of undo across saves.

import { ask } from "../../shared/api.js";
import { counted } from "../jobs/runs.js";
import { renewVersions, takeAnswer } from "./confirm.js";
import { offerConflict } from "./conflict.js";
import { History } from "./history.js";
import { bodyOf, sendOff, turnPath } from "./leaving.js";
import { Outbox } from "./outbox.js";
import { pastSteps } from "./past.js";
import { obstacleTo } from "./permits.js";
import { Sender } from "./sender.js";
import { renewSession } from "./session.js";
import { openShelf } from "./shelf.js";
import { Tab } from "./tabs.js";
import { Turning } from "./turning.js";
import { newKey, newUuid } from "./uuid.js";
import { instancesOf, joined, madeBy, withVersions } from "./versions.js";
import { watchWeather } from "./weather.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Edit} Edit */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("../types.js").EditOptions} EditOptions */
/** @typedef {import("./outbox.js").Row} Row */
/** @typedef {import("../../shared/api.js").ApiError} ApiError */

const MERGE_MS = 1000;
const AUTOSAVE_SECONDS = 1.5;
// A page that was closed a moment ago may still hold its name.
const ADOPT_MS = [300, 1000, 3000];
const ADOPT_EVERY_MS = 20_000;

/** Events: `state` when saving goes on, `history` when undo or redo mean something else. */
export class Editing extends EventTarget {
  /** @param {Bench} bench */
  constructor(bench) {
    super();
    this.bench = bench;
    const { user, task } = bench.facts;
    this.path = `tasks/${task}/edits/`;
    this.tab = new Tab();
    this.history = new History();
    this.turning = new Turning(bench, this);
    this.outbox = new Outbox(openShelf(user.id, task));
    this.sender = new Sender(this.outbox, {
      post: (row) => this.post(row),
      leave: (rows) => sendOff(this.path, rows),
      renew: () => renewSession(user),
      confirmed: (row, answer) => this.confirmed(row, answer),
      conflicted: (row, error) => offerConflict(bench, row, error),
      refused: (row, error) => this.refused(row, error),
    });
    this.sender.addEventListener("state", () => this.dispatchEvent(new Event("state")));
    /** @type {{tag: string, row: Row, at: number} | null} the edit that one with the same tag would join */
    this.last = null;
    this.opened = this.open();
    this.sender.ready = this.opened;
    watchWeather(this);
  }

  /** Take up what an earlier page left: it is shown again, and sent. */
  async open() {
    await this.tab.open();
    await this.adopt();
    for (const wait of ADOPT_MS) setTimeout(() => void this.adopt(), wait);
    setInterval(() => document.visibilityState === "visible" && void this.adopt(), ADOPT_EVERY_MS);
  }

  /** Take over the changes of pages that are no more. */
  async adopt() {
    const { user, task } = this.bench.facts;
    const taken = await this.tab.alone(`adopt-${user.id}-${task}`, async () =>
      this.outbox.adopt(this.tab.id, await this.tab.living()),
    );
    if (!taken.length) {
      if (this.outbox.refused.length) this.dispatchEvent(new Event("state"));
      return;
    }
    this.bench.store.relay(this.outbox.rows);
    for (const row of taken) this.turning.recall(row);
    this.dispatchEvent(new Event("history"));
    this.sender.soon(0);
  }

  /** Read what this person did on earlier pages, so that undo reaches back. */
  async readHistory() {
    const steps = await pastSteps(this.bench);
    await this.opened;
    this.history.load(steps);
    for (const row of this.outbox.rows) if (row.kind !== "edit") this.turning.recall(row);
    this.dispatchEvent(new Event("history"));
  }

  /** A new object's key. @returns {Key} */
  newKey() {
    return newKey();
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
    if (!operations.length) return null;
    const obstacle = obstacleTo(this.bench, operations);
    if (obstacle) {
      this.bench.say(obstacle, "warn");
      return null;
    }
    const row = (merge && this.join(merge, title, operations)) || this.begin(title, this.versioned(operations));
    this.last = merge ? { tag: merge, row, at: Date.now() } : null;
    return row;
  }

  /** @param {string} title @param {Operation[]} operations @returns {Row} */
  begin(title, operations) {
    const key = newUuid();
    const patch = this.bench.store.lay(key, operations);
    this.history.push({ kind: "edit", key, title, undone: false, seq: null, patch });
    return this.queue({ id: key, kind: "edit", key, title, operations });
  }

  /**
   * Join the edit before, if it is of the same kind and was not sent yet.
   * @param {string} tag
   * @param {string} title
   * @param {Operation[]} operations
   * @returns {Row | null}
   */
  join(tag, title, operations) {
    const row = this.last?.row;
    if (!row || this.last?.tag !== tag || Date.now() - this.last.at > MERGE_MS) return null;
    if (row.attempted || this.outbox.rows.at(-1) !== row) return null;
    row.operations = joined(row.operations, this.versioned(operations));
    row.title = title;
    this.bench.store.layAgain(row.id, row.operations);
    const step = this.history.step(row.key);
    if (step) step.title = title;
    void this.outbox.keep(row);
    this.soon();
    this.dispatchEvent(new Event("history"));
    return row;
  }

  /** The versions of labels that were seen belong to what is done with them. @param {Operation[]} operations */
  versioned(operations) {
    const { store } = this.bench;
    // Of a frame that was not read, no version was seen.
    return withVersions(operations, (key, frame) => store.world.label(key, frame)?.version ?? (store.loaded(frame) ? 0 : undefined));
  }

  /** @param {Pick<Row, "id" | "kind" | "key" | "title" | "operations" | "back">} told @returns {Row} */
  queue(told) {
    /** @type {Row} */
    const row = { ...told, at: Date.now(), tab: this.tab.id, attempted: false };
    void this.outbox.add(row);
    this.soon(isUnseen(row));
    this.dispatchEvent(new Event("history"));
    return row;
  }

  autosaves() {
    return this.bench.preferences.get("autosave") !== false;
  }

  /** Send what waits in a while; at once where it is shown with the server's answer only. @param {boolean} [unseen] */
  soon(unseen = false) {
    const seconds = unseen ? 0 : Number(this.bench.preferences.get("autosave_seconds") ?? AUTOSAVE_SECONDS);
    this.sender.soon(this.autosaves() ? seconds * 1000 : Infinity);
  }

  /** Take the last step back. */
  undo() {
    return this.turning.undo();
  }

  /** Bring back what was undone last. */
  redo() {
    return this.turning.redo();
  }

  /** A run of the machine was ordered here: it is a step as well. @param {number} id @param {string} title */
  pushJob(id, title) {
    this.history.push({ kind: "job", key: String(id), title, undone: false, seq: null, patch: null });
    this.dispatchEvent(new Event("history"));
  }

  /** A run is no step of undo any more. @param {number} id */
  forgetJob(id) {
    this.history.forget(String(id));
    this.dispatchEvent(new Event("history"));
  }

  /** A run may have been taken back or brought back otherwise than by undo. @param {import("../jobs/runs.js").Job} job */
  turnedJob(job) {
    this.turning.runs.follow(job);
  }

  /** Send all that waits now. Rejects when something could not be saved. */
  async flush() {
    await this.sender.send();
    if (this.outbox.rows.length) throw new Error(this.sender.sentence || "Not everything is saved yet.");
    if (this.state === "refused") throw new Error(`Not everything could be saved. ${this.sender.sentence}`);
  }

  /** @param {Row} row */
  post(row) {
    return row.kind === "edit" ? ask("POST", this.path, bodyOf(row)) : ask("POST", turnPath(this.path, row));
  }

  /** The server has it. @param {Row} row @param {any} answer null: it had it before, and nothing more is known */
  confirmed(row, answer) {
    const { store, sync } = this.bench;
    void this.outbox.drop(row);
    const step = this.history.step(row.key);
    if (step && answer) Object.assign(step, { seq: answer.seq, patch: store.patchOf(row.id) });
    if (answer) takeAnswer(store, answer);
    store.confirm(row.id);
    renewVersions(this.outbox, row, answer, (id) => store.keyOf(id));
    if (answer?.labels && answer.removed) sync.feed.mine(answer);
    else sync.refreshAll().catch(() => {});
    if (answer?.kept) this.bench.say(`${answer.kept} of “${row.title}” stayed as they are: somebody touched them since.`, "warn");
    const skipped = answer?.skipped?.length;
    if (skipped) this.bench.say(`${counted(skipped, "object")} of “${row.title}” ${skipped === 1 ? "was" : "were"} not saved: other bitmasks cover ${skipped === 1 ? "it" : "them"} wholly.`, "warn");
    this.dispatchEvent(new Event("history"));
  }

  /** The server said no: what it has is shown again, with its sentence. @param {Row} row @param {ApiError} error */
  refused(row, error) {
    const made = row.kind === "edit" ? new Set(row.operations.flatMap(madeBy)) : new Set();
    const waiting = this.outbox.rows.filter((one) => one !== row);
    this.refuse(row, error.message);
    for (const one of waiting) {
      if (one.kind !== "edit" && one.key === row.key) this.take(one);
      else if (one.operations.flatMap(instancesOf).some((key) => made.has(key))) {
        this.refuse(one, `It builds on “${row.title}”, which was not saved.`);
        one.operations.flatMap(madeBy).forEach((key) => made.add(key));
      }
    }
    this.bench.sync.refreshAll().catch(() => {});
    this.dispatchEvent(new Event("history"));
  }

  /** @param {Row} row @param {string} sentence */
  refuse(row, sentence) {
    void this.outbox.refuse(row, sentence);
    if (row.kind === "edit") this.history.forget(row.key);
    else this.history.mark(row.key, row.kind === "redo");
    this.bench.store.lift(row.id);
    this.bench.say(`“${row.title}” was not saved. ${sentence}`, "bad");
  }

  /** It never happened: neither shown nor sent. @param {Row} row */
  take(row) {
    void this.outbox.drop(row);
    this.bench.store.lift(row.id);
  }

  /**
   * What waits was changed to settle a conflict; what is left of it is shown and sent.
   * @param {Row[]} rows whose operations changed
   */
  async settled(rows) {
    for (const row of rows) {
      if (row.operations.length) void this.outbox.keep(row);
      else {
        this.history.forget(row.key);
        void this.outbox.drop(row);
      }
    }
    this.bench.store.relay(this.outbox.rows);
    this.sender.say("saving");
    this.dispatchEvent(new Event("history"));
    await this.sender.send();
  }
}

/** Shapes are converted, and what an earlier page did is undone, by the server alone. @param {Row} row */
function isUnseen({ kind, operations, back }) {
  return kind === "edit" ? operations.some(({ op }) => op === "instance.convert") : back === undefined;
}
