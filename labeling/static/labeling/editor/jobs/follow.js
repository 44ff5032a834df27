// @ts-check
// The runs of this task: those at work, and those that ended while the page was open. Topic `jobs` tells of each.

import { ask } from "../../shared/api.js";
import { announce, byId } from "../../shared/dom.js";
import { standing, titleOf } from "./runs.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./runs.js").Job} Job */
/** @typedef {import("../../shared/events.js").ServerEvent} ServerEvent */

const LISTED = 20;
/** A run of which nothing was heard for so long is asked after: its worker may be gone. */
const QUIET_MS = 4000;

export class Runs {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Map<number, Job>} in the order in which the page learned of them */
    this.known = new Map();
    /** @type {Map<number, number>} when something was heard of them */
    this.heardAt = new Map();
    // Before all others that listen: what they look up here is what they were told.
    bench.on(["jobs"], ({ detail }) => this.note(detail));
    setInterval(() => document.visibilityState === "visible" && void this.lookAfter(), QUIET_MS / 2);
  }

  /** Find the runs that are at work, and follow them. */
  async start() {
    this.bench.sync.onEvent((event) => void this.heard(event).catch(() => {}));
    const { results } = await ask("GET", `tasks/${this.bench.facts.task}/jobs/?limit=${LISTED}`);
    const active = results.filter((/** @type {Job} */ job) => !job.finished_at).toReversed();
    for (const { id } of active) await this.read(id);
  }

  /** The latest first. @returns {Job[]} */
  get all() {
    return [...this.known.values()].sort((a, b) => b.id - a.id);
  }

  /** @returns {Job[]} those that have not ended, the latest first */
  get active() {
    return this.all.filter((job) => !job.finished_at);
  }

  /** What was ordered, with the names of classes. @param {Job} job */
  titleOf(job) {
    return titleOf(job, (id) => this.bench.classes.get(id)?.name);
  }

  /** Those at work on an object. @param {number | null} id @returns {Job[]} */
  workingOn(id) {
    return id === null ? [] : this.active.filter((job) => job.instances?.includes(id));
  }

  /** Those at work that look for objects: they have no rows yet. @returns {Job[]} */
  get looking() {
    return this.active.filter((job) => job.kind === "detect_all");
  }

  /** @param {ServerEvent} event */
  async heard({ task, job: id, kind, payload }) {
    if (task !== this.bench.facts.task || id === null) return;
    const job = this.known.get(id);
    this.heardAt.set(id, Date.now());
    if (job && kind === "job.progress") this.bench.tell("jobs", { ...job, state: payload["state"], frames_done: payload["frames_done"], waiting_for_worker: false });
    else await this.read(id);
  }

  /** @param {number} id */
  async read(id) {
    const before = this.known.get(id);
    /** @type {Job} */
    const job = await ask("GET", `jobs/${id}/`);
    this.bench.tell("jobs", job);
    if (job.finished_at && !before?.finished_at) this.sayEnded(job);
  }

  /** @param {Job | null} job */
  note(job) {
    if (!job) return;
    this.heardAt.set(job.id, Date.now());
    this.known.set(job.id, job);
    this.bench.editing.turnedJob(job);
  }

  /** @param {Job} job */
  sayEnded(job) {
    announce(byId("said"), standing(job));
    const mine = job.created_by?.id === this.bench.facts.user.id;
    if (mine && job.error) this.bench.say(job.state === "failed" ? `${standing(job)}.` : `${standing(job)}. ${job.error}`, "warn");
  }

  /** Ask after those that are at work and quiet. */
  async lookAfter() {
    for (const { id } of this.active) {
      if (Date.now() - (this.heardAt.get(id) ?? 0) < QUIET_MS) continue;
      this.heardAt.set(id, Date.now());
      // Asked again later: a server that is away says so elsewhere.
      await this.read(id).catch(() => {});
    }
  }
}
