// @ts-check
// Follows the task's change feed: what others and jobs changed is read anew.

import { ask } from "../shared/api.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./labels.js").Labels} Labels */
/** @typedef {{seq: number, kind: string, instances: number[], first_frame: number | null, last_frame: number | null}} Change */

const POLL_MS = 4000;
const AGAIN_MS = 150;

export class Feed {
  /**
   * @param {Bench} bench
   * @param {Labels} labels
   * @param {() => void} onTask called when stage or assignee changed
   */
  constructor(bench, labels, onTask) {
    this.bench = bench;
    this.labels = labels;
    this.onTask = onTask;
    this.since = bench.facts.seq;
    this.pulling = false;
    this.wanted = false;
    setInterval(() => document.visibilityState === "visible" && this.pull(), POLL_MS);
  }

  /** Read the list of instances. */
  async instances() {
    const answer = await ask("GET", `tasks/${this.bench.facts.task}/instances/`);
    this.bench.instances = new Map(
      answer.results.map((/** @type {import("./types.js").Instance} */ one) => [one.id, one]),
    );
    const gone = [...this.bench.selection].filter((id) => !this.bench.instances.has(id));
    if (gone.length) this.bench.select([...this.bench.selection].filter((id) => !gone.includes(id)));
    this.bench.tell("instances");
  }

  /** Take in what changed since the last time; calls that come meanwhile make one more round. */
  async pull() {
    this.wanted = true;
    if (this.pulling) return;
    this.pulling = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        const more = await this.round();
        if (more) this.wanted = true;
        if (this.wanted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    } catch {
      // The next event or the next poll asks again; the save state shows when the server is away.
    } finally {
      this.pulling = false;
    }
  }

  /** @returns {Promise<boolean>} whether there was anything */
  async round() {
    const { task } = this.bench.facts;
    const answer = await ask("GET", `tasks/${task}/changes/?since=${this.since}`);
    /** @type {Change[]} */
    const changes = answer.changes;
    if (!changes.length) return false;
    await this.take(changes);
    this.since = answer.seq;
    return true;
  }

  /** @param {Change[]} changes */
  async take(changes) {
    for (const change of changes) {
      if (change.kind === "instance_deleted") change.instances.forEach((id) => this.labels.forget(id));
    }
    const span = spanOf(changes.filter((one) => one.kind === "labels" || one.kind === "review"));
    if (span) await this.labels.refresh(...span);
    if (changes.some((one) => one.kind !== "task")) await this.instances();
    if (changes.some((one) => one.kind === "task")) this.onTask();
  }
}

/**
 * @param {Change[]} changes
 * @returns {[number, number] | null} the frames that the changes touch, inclusive
 */
function spanOf(changes) {
  const known = changes.filter((one) => one.first_frame !== null && one.last_frame !== null);
  if (!known.length) return null;
  return [
    Math.min(...known.map((one) => one.first_frame ?? 0)),
    Math.max(...known.map((one) => one.last_frame ?? 0)),
  ];
}
