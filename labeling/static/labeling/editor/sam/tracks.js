// @ts-check
// Tracking from the popup: the draft is saved, then tracked; both are kept or both are taken back.

import { ask } from "../../shared/api.js";
import { Ordering } from "../jobs/ordering.js";
import { standing } from "../jobs/runs.js";
import { trackable, trackerMeant } from "../jobs/trackable.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../jobs/chip.js").JobChip} JobChip */
/** @typedef {import("../jobs/form.js").Direction} Direction */
/** @typedef {import("../jobs/runs.js").Job} Job */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("./sam.js").Sam} Sam */

const INTERVAL = 30;

/**
 * @typedef {object} Run
 * @property {Key[]} keys the objects that are tracked
 * @property {boolean} fresh they were made by the draft
 * @property {import("../types.js").Edit} edit that saved it
 * @property {Job | null} job null until it is ordered
 * @property {boolean} discarded it is to go, with the draft, as soon as its run has ended
 */

/** Event `change`: it begins, goes on or ends. */
export class Tracks extends EventTarget {
  /** @param {Bench} bench @param {Sam} sam @param {JobChip} chip */
  constructor(bench, sam, chip) {
    super();
    this.bench = bench;
    this.sam = sam;
    this.chip = chip;
    this.ordering = new Ordering(bench, chip);
    /** @type {Run | null} what the popup shows */
    this.run = null;
    bench.on(["jobs"], ({ detail }) => this.heard(detail));
  }

  /** True, the reason why not, or false where tracking means nothing. @param {Direction} direction @returns {true | string | false} */
  available(direction) {
    const { facts } = this.bench;
    const { draft, found } = this.sam;
    if (!facts.mayRun || !facts.directions.includes(direction)) return false;
    if (!draft || !found.length) return "There is no draft to track yet.";
    return trackable(this.bench, direction, trackerMeant(this.bench), [draft.subject.of]);
  }

  /** Save the draft and track it over so many frames, its own included. @param {Direction} direction @param {number} frames */
  async start(direction, frames) {
    const { bench, sam } = this;
    const { draft } = sam;
    const answer = this.available(direction);
    if (answer !== true || !draft) {
      if (typeof answer === "string") bench.say(answer, "warn");
      return;
    }
    const fresh = draft.subject.key === null;
    const { frame } = draft.subject;
    const made = sam.keep();
    if (!made) return;
    /** @type {Run} */
    const run = { ...made, fresh, job: null, discarded: false };
    this.run = run;
    this.tell();
    try {
      // Whoever chose to keep it before it was saved wants it tracked as well.
      run.job = await this.ordering.place(() => (run.discarded ? null : this.order(run, direction, frame, frames)));
      if (run.discarded && run.job) await this.cancel(run);
      else if (run.discarded) this.takeBack(run);
    } catch (error) {
      if (this.run === run) this.run = null;
      bench.say(error instanceof Error ? error.message : String(error), "bad");
    }
    this.tell();
  }

  /** @param {Run} run @param {Direction} direction @param {number} frame @param {number} frames */
  order(run, direction, frame, frames) {
    const { bench } = this;
    const far = bench.clip(direction === "forwards" ? frame + frames - 1 : frame - frames + 1);
    const instances = run.keys.map((key) => bench.store.instances.get(key)?.id ?? null).filter((id) => id !== null);
    return {
      kind: "track", instances, first_frame: Math.min(frame, far), last_frame: Math.max(frame, far), direction,
      interval: INTERVAL, advanced: trackerMeant(bench) === "sam2", from_editor: true,
    };
  }

  /** Draft and tracking stay. */
  keep() {
    this.run = null;
    this.tell();
  }

  /** Neither stays: the run is cancelled or taken back, and with it what the draft made. */
  async discard() {
    const { run } = this;
    if (!run || run.discarded) return;
    run.discarded = true;
    this.tell();
    try {
      if (run.job) await this.cancel(run);
    } catch (error) {
      this.bench.say(error instanceof Error ? error.message : String(error), "bad");
    }
  }

  /** @param {Run} run */
  async cancel(run) {
    const { bench } = this;
    const job = /** @type {Job} */ (run.job);
    const after = job.finished_at
      ? (await ask("POST", `jobs/${job.id}/revert/`)).job
      : await ask("POST", `jobs/${job.id}/cancel/`, { keep: false });
    // It is no step of undo any more: the draft's edit is the last one again.
    bench.editing.forgetJob(job.id);
    this.chip.show(after);
    bench.sync.pull();
  }

  /** @param {Job | null} job */
  heard(job) {
    const { run } = this;
    if (!run?.job || job?.id !== run.job.id) return;
    run.job = job;
    if (run.discarded && job.finished_at) this.takeBack(run);
    this.tell();
  }

  /** The run is over: what the draft made goes, too. @param {Run} run */
  takeBack(run) {
    const { bench } = this;
    if (this.run === run) this.run = null;
    if (bench.editing.undoable?.key === run.edit.key) void bench.editing.undo();
    else if (run.fresh) {
      const left = run.keys.filter((key) => bench.store.instances.has(key));
      bench.edit("Take a draft back", left.map((instance) => ({ op: "instance.delete", instance })));
    } else bench.say("The label that the draft made stays: something else was done since. Undo takes both back.");
  }

  /** How it stands, in words; empty where nothing is tracked. */
  get sentence() {
    if (!this.run) return "";
    if (this.run.discarded) return "Taking it back…";
    return this.run.job ? standing(this.run.job) : "Saving the draft…";
  }

  tell() {
    this.dispatchEvent(new Event("change"));
    this.sam.changed();
  }
}
