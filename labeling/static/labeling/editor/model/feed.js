// @ts-check
// The task's change feed: what changed since we looked is read anew, and only that.

import { ask } from "../../shared/api.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sync.js").Sync} Sync */
/** @typedef {{seq: number, kind: string, instances: number[], first_frame: number | null, last_frame: number | null}} Change */

const POLL_MS = 4000;
const AGAIN_MS = 150;
const SPANS_MS = 1500;

export class Feed {
  /**
   * @param {Bench} bench
   * @param {Sync} sync
   */
  constructor(bench, sync) {
    this.bench = bench;
    this.sync = sync;
    this.since = bench.facts.seq;
    this.pulling = false;
    this.wanted = false;
    /** @type {Set<number>} changes of ours, whose answers told all */
    this.known = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * A change of ours, and its answer told all of it but on which frames objects are labelled.
   * @param {{seq: number, instances: {id: number}[], labels: {instance: number}[], removed: {instance: number}[]}} answer
   */
  mine({ seq, instances, labels, removed }) {
    this.known.add(seq);
    const told = new Set(instances.map(({ id }) => id));
    if ([...labels, ...removed].every(({ instance }) => told.has(instance))) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sync.instances().catch(() => {}), SPANS_MS);
  }

  start() {
    setInterval(() => document.visibilityState === "visible" && this.pull(), POLL_MS);
  }

  /** Take in what changed since the last time; calls that come meanwhile make one more round. */
  async pull() {
    this.wanted = true;
    if (this.pulling) return;
    this.pulling = true;
    try {
      while (this.wanted) {
        this.wanted = await this.round();
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
    const answer = await ask("GET", `${this.sync.path}changes/?since=${this.since}`);
    /** @type {Change[]} */
    const changes = answer.changes;
    if (!changes.length) return false;
    await this.take(changes.filter((one) => !this.known.has(one.seq)));
    this.since = answer.seq;
    for (const { seq } of changes) this.known.delete(seq);
    return true;
  }

  /** @param {Change[]} changes */
  async take(changes) {
    const kinds = new Set(changes.map((one) => one.kind));
    const objects = kinds.has("instance") || kinds.has("instance_deleted");
    // Frames that are labelled are told with the objects. Both are asked for at once: labels are waited for.
    const known = objects || kinds.has("labels") ? this.sync.instances() : undefined;
    const labels = async () => {
      for (const [first, last] of spans(changes)) await this.sync.refresh(first, last);
    };
    await Promise.all([known, labels()]);
    if (objects || kinds.has("answers")) await this.sync.answers();
    if (objects || kinds.has("review")) await this.sync.decisions();
    if (kinds.has("task")) this.bench.tell("moved");
  }
}

/**
 * The frames whose labels changed, as ranges that lie apart.
 * @param {Change[]} changes
 * @returns {[number, number][]} inclusive, in order
 */
export function spans(changes) {
  /** @type {[number, number][]} */
  const ranges = [];
  for (const { kind, first_frame: first, last_frame: last } of changes) {
    if (kind === "labels" && first !== null && last !== null) ranges.push([first, last]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  /** @type {[number, number][]} */
  const apart = [];
  for (const [first, last] of ranges) {
    const before = apart.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else apart.push([first, last]);
  }
  return apart;
}
