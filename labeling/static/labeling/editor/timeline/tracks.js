// @ts-check
// The objects' tracks: read from the server, patched at once from what the page knows, and read anew after changes.

import { ask } from "../../shared/api.js";
import { emptyTrack, patched, sameTrack } from "./track.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("./track.js").Track} Track */
/** @typedef {{first: number, last: number}} Way */

const REREAD_MS = 1500;
/** More objects than these are read anew all together. */
const FEW = 100;
/** Frames on each side that are looked at when all labels may have changed. */
const NEAR = 128;
const NOTHING = emptyTrack();

export class Tracks {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Map<number, Track>} as the server told, by the instance's id */
    this.told = new Map();
    /** @type {Map<Key, Track>} newer than told */
    this.newer = new Map();
    /** Why the server's tracks are not here; empty when they are. */
    this.error = "";
    /** @type {Set<Key> | null} to be read anew; null for all */
    this.stale = new Set();
    /** @type {Way[]} patched while the server was being asked */
    this.since = [];
    /** @type {Map<Key, string>} what was known of where objects are labelled */
    this.seen = new Map();
    /** @type {number | undefined} */
    this.timer = undefined;
    this.reading = false;
  }

  /** Read all, and follow what changes. @returns {Promise<void>} */
  start() {
    this.bench.on(["labels"], ({ detail }) => this.patch(detail ?? null));
    this.bench.on(["instances"], () => this.compare());
    this.bench.editing.addEventListener("state", () => this.schedule());
    return this.readAll();
  }

  /** @param {Key} key @returns {Track} */
  of(key) {
    const known = this.newer.get(key);
    if (known) return known;
    const id = this.bench.store.instances.get(key)?.id ?? null;
    return (id === null ? undefined : this.told.get(id)) ?? NOTHING;
  }

  /** Those of the selected objects; of all when none is selected. @returns {Track[]} */
  chosen() {
    const { selection, store } = this.bench;
    const keys = selection.size ? [...selection] : [...store.instances.keys()];
    return keys.map((key) => this.of(key));
  }

  /** Take what the store knows of these frames. @param {Way | null} way null: anything may have changed */
  patch(way) {
    const { first, last } = way ?? { first: this.bench.clip(this.bench.frame - NEAR), last: this.bench.clip(this.bench.frame + NEAR) };
    if (this.reading) this.since.push({ first, last });
    let changed = false;
    for (const part of this.loadedParts(first, last)) changed = this.patchPart(part) || changed;
    if (changed) this.bench.tell("tracks");
    if (changed || way === null || !this.bench.store.loaded(first) || !this.bench.store.loaded(last)) this.schedule();
  }

  /** The frames of which the store knows all labels, as ranges. @param {number} first @param {number} last @returns {Way[]} */
  loadedParts(first, last) {
    /** @type {Way[]} */
    const parts = [];
    for (let frame = first; frame <= last; frame += 1) {
      if (!this.bench.store.loaded(frame)) continue;
      const part = parts.at(-1);
      if (part?.last === frame - 1) part.last = frame;
      else parts.push({ first: frame, last: frame });
    }
    return parts;
  }

  /** @param {Way} way all of it loaded @returns {boolean} whether a track changed */
  patchPart({ first, last }) {
    const { store } = this.bench;
    /** @type {Map<Key, Label[]>} */
    const labels = new Map([...store.instances.keys()].map((key) => [key, []]));
    for (let frame = first; frame <= last; frame += 1) for (const label of store.labelsOn(frame)) labels.get(label.instance)?.push(label);
    let changed = false;
    for (const [key, list] of labels) {
      const before = this.of(key);
      const after = patched(before, first, last, list);
      if (sameTrack(before, after)) continue;
      this.newer.set(key, after);
      this.stale?.add(key);
      changed = true;
    }
    return changed;
  }

  /** Find the objects whose labels changed outside of what the page has loaded. */
  compare() {
    for (const { key, labelled } of this.bench.store.instances.values()) {
      const now = `${labelled.first} ${labelled.last} ${labelled.count}`;
      if (this.seen.has(key) && this.seen.get(key) !== now) this.stale?.add(key);
      this.seen.set(key, now);
    }
    for (const key of this.newer.keys()) if (!this.bench.store.instances.has(key)) this.newer.delete(key);
    this.schedule();
    this.bench.tell("tracks");
  }

  /** Read anew soon, when all that was changed here is saved: not before the server can know it. */
  schedule() {
    if (this.stale?.size === 0 || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.bench.editing.state === "saved" && !this.reading) this.reread();
    }, REREAD_MS);
  }

  /** @returns {Promise<void>} */
  async reread() {
    const { store } = this.bench;
    const keys = this.stale;
    if (keys === null || keys.size > FEW) return this.readAll();
    const ids = [...keys].map((key) => store.instances.get(key)?.id ?? null).filter((id) => id !== null);
    this.stale = new Set();
    if (ids.length) await this.read(ids);
  }

  /** @returns {Promise<void>} */
  readAll() {
    this.stale = new Set();
    return this.read(null);
  }

  /** @param {number[] | null} ids null for all */
  async read(ids) {
    const { facts, store } = this.bench;
    this.reading = true;
    this.since = [];
    try {
      const which = ids === null ? "" : `?instances=${ids.join(",")}`;
      const answer = await ask("GET", `tasks/${facts.task}/timeline/${which}`);
      if (ids === null) this.told.clear();
      for (const id of ids ?? []) this.told.delete(id);
      for (const [id, track] of Object.entries(answer.instances)) this.told.set(Number(id), track);
      if (ids === null) this.newer.clear();
      for (const key of [...this.newer.keys()]) if (ids?.includes(store.instances.get(key)?.id ?? -1)) this.newer.delete(key);
      this.error = "";
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
      this.stale = ids === null ? null : new Set([...(this.stale ?? []), ...ids.map((id) => store.keyOf(id)).filter((key) => key !== undefined)]);
    }
    this.reading = false;
    for (const { first, last } of this.since) for (const part of this.loadedParts(first, last)) this.patchPart(part);
    this.bench.tell("tracks");
    if (!this.error) this.schedule();
  }
}
