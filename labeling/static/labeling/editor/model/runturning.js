// @ts-check
// Undo and redo of a run of the machine: taken back or brought back as one, and what that came to is said.

import { ask } from "../../shared/api.js";
import { broughtBack, takenBack } from "../jobs/runs.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./history.js").Step} Step */
/** @typedef {import("../jobs/runs.js").Job} Job */
/** @typedef {import("../jobs/runs.js").Outcome} Outcome */
/** @typedef {import("../../shared/api.js").ApiError} ApiError */

export class RunTurning {
  /**
   * @param {Bench} bench
   * @param {import("./editing.js").Editing} editing
   */
  constructor(bench, editing) {
    this.bench = bench;
    this.editing = editing;
    /** @type {Map<string, Step>} runs that were taken back by a button while something else was done since */
    this.aside = new Map();
    /** @type {Set<string>} runs that have not ended, as far as the page has heard */
    this.active = new Set();
  }

  /** @param {Step} step @param {"revert" | "redo"} verb */
  async turn(step, verb) {
    // What was changed of its labels by hand has to be there: it stays.
    await this.editing.flush();
    await (verb === "revert" ? this.takeBack(step) : this.bringBack(step));
    this.editing.dispatchEvent(new Event("history"));
    await this.bench.sync.pull();
  }

  /** Take a run back; one that has not ended is cancelled, and its labels discarded. @param {Step} step */
  async takeBack(step) {
    try {
      if (this.active.has(step.key) && (await this.cancel(step))) return;
      /** @type {Outcome & {job: Job}} */
      const { job, ...outcome } = await ask("POST", `jobs/${step.key}/revert/`);
      step.undone = true;
      this.say(job, `Undone: ${step.title}. ${takenBack(outcome)}`);
    } catch (error) {
      const { code } = /** @type {ApiError} */ (error);
      if (code === "job_active") await this.cancel(step);
      else if (code === "already_reverted") await this.wasTurned(step);
      else throw error;
    }
  }

  /** @param {Step} step @returns {Promise<boolean>} false when it has ended meanwhile */
  async cancel(step) {
    try {
      const job = await ask("POST", `jobs/${step.key}/cancel/`, { keep: false });
      step.undone = true;
      this.say(job, `${step.title} is cancelled, and its labels are discarded.`);
      return true;
    } catch (error) {
      if (/** @type {ApiError} */ (error).code === "job_state") return false;
      throw error;
    }
  }

  /** Bring a run back without running it again. @param {Step} step */
  async bringBack(step) {
    try {
      /** @type {Outcome & {job: Job}} */
      const { job, ...outcome } = await ask("POST", `jobs/${step.key}/redo/`);
      step.undone = false;
      this.say(job, `Done again: ${step.title}. ${broughtBack(outcome)}`);
    } catch (error) {
      if (/** @type {ApiError} */ (error).code !== "not_reverted") throw error;
      await this.wasTurned(step);
    }
  }

  /** Somebody was faster: that is said, and undo goes on from there. @param {Step} step */
  async wasTurned(step) {
    /** @type {Job} */
    const job = await ask("GET", `jobs/${step.key}/`);
    if (!job.finished_at) {
      this.bench.say(`${step.title} is still being cancelled. Try again in a moment.`, "warn");
      return;
    }
    this.follow(job);
    this.bench.tell("jobs", job);
    if (!job.reverted_at) this.bench.say(`${step.title} is there again already.`);
  }

  /** What became of a run otherwise than by undo counts here, too. @param {Job} job as it is now */
  follow(job) {
    const { history } = this.editing;
    const key = String(job.id);
    if (job.finished_at) this.active.delete(key);
    else this.active.add(key);
    const step = history.step(key);
    const aside = this.aside.get(key);
    if (step && job.finished_at && step.undone !== (job.reverted_at !== null)) this.settle(step, job);
    else if (!step && aside && !job.reverted_at) {
      this.aside.delete(key);
      history.insert(aside);
    } else return;
    this.editing.dispatchEvent(new Event("history"));
  }

  /** @param {Step} step @param {Job} job */
  settle(step, job) {
    const { history } = this.editing;
    const mine = !job.reverted_by || job.reverted_by.id === this.bench.facts.user.id;
    if (job.reverted_at && !mine) {
      history.forget(step.key);
      this.bench.say(`${job.reverted_by?.username ?? "Somebody"} has taken it back: ${step.title}.`, "warn");
    } else history.mark(step.key, job.reverted_at !== null);
    if (!history.step(step.key)) this.aside.set(step.key, step);
  }

  /** @param {Job} job as it is now @param {string} sentence */
  say(job, sentence) {
    this.bench.say(sentence);
    this.bench.tell("jobs", job);
  }
}
