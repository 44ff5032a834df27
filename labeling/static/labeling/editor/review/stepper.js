// @ts-check
// Which item is under review: it is shown, zoomed to, and the others are dimmed.

import { ask } from "../../shared/api.js";
import { bounds } from "../geometry/shapes.js";
import { hintItems } from "./hinted.js";
import { decided, frameItems, lowItems, nextItem, objectItems } from "./items.js";
import { sampleOf } from "./sample.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./items.js").Item} Item */
/** @typedef {import("./items.js").Mode} Mode */
/** @typedef {import("./items.js").Order} Order */
/** @typedef {import("../types.js").Key} Key */

const MARGIN = 0.5;

export class Stepper extends EventTarget {
  /** @param {Bench} bench */
  constructor(bench) {
    super();
    this.bench = bench;
    /** @type {Mode} */
    this.mode = "objects";
    /** @type {Order} */
    this.order = "confidence";
    /** What a random sample is drawn by. */
    this.seed = 0;
    this.skipDecided = true;
    this.zooms = true;
    /** @type {Item[]} */
    this.items = [];
    this.at = -1;
    this.on = false;
    /** @type {Item | undefined} the one that was zoomed to */
    this.looked = undefined;
    /** @type {Map<Key, [number, number][]>} frames and confidences of the dips */
    this.low = new Map();
    /** @type {import("./hinted.js").Noticed[]} what tracking noticed */
    this.noticed = [];
    bench.on(["shown", "labels"], () => this.look());
    bench.on(["instances", "reviews"], () => this.refresh());
  }

  /** Read where machines were unsure, and list what there is to review. */
  async read() {
    const answer = await ask("GET", `tasks/${this.bench.facts.task}/timeline/`);
    const { store } = this.bench;
    this.low = new Map();
    this.noticed = [];
    for (const [id, row] of Object.entries(answer.instances)) {
      const key = store.keyOf(Number(id));
      if (key === undefined) continue;
      this.low.set(key, row.low);
      this.noticed.push({ key, jumps: row.jumps, drops: row.drops });
    }
    this.refresh();
  }

  /** List anew, and stay on the item that was shown. */
  refresh() {
    const before = this.item;
    this.items = this.list();
    this.at = before ? this.items.findIndex((one) => one.instance === before.instance && one.frame === before.frame) : -1;
    this.dispatchEvent(new Event("change"));
  }

  /** @returns {Item[]} */
  list() {
    if (this.mode === "frame") return frameItems(this.bench.store.labelsOn(this.bench.shown));
    const items = this.ordered(this.order === "confidence");
    return this.order === "sample" ? sampleOf(items, this.seed) : items;
  }

  /** @param {boolean} unsure the least sure first @returns {Item[]} */
  ordered(unsure) {
    const { store, preferences } = this.bench;
    if (this.mode === "hints") return hintItems(this.noticed.filter(({ key }) => store.instances.has(key)), unsure);
    const limit = Number(preferences.get("low_confidence"));
    const tracks = [...store.instances.values()].map((one) => ({
      key: one.key, number: one.number, first: one.labelled.first, last: one.labelled.last,
      low: (this.low.get(one.key) ?? []).filter(([, confidence]) => confidence < limit),
    }));
    return this.mode === "low" ? lowItems(tracks, unsure) : objectItems(tracks, unsure);
  }

  /** @returns {Item | null} */
  get item() {
    return this.items[this.at] ?? null;
  }

  /** How many items nobody has decided on. */
  get open() {
    return this.items.filter((one) => !this.decided(one)).length;
  }

  /** @param {Item} item */
  decided(item) {
    return decided(item, this.bench.store.decisions(item.instance));
  }

  /** Choose the order; a sample is drawn anew each time. @param {Order} order */
  sortBy(order) {
    this.order = order;
    this.seed = Math.floor(Math.random() * 2 ** 32);
    this.refresh();
  }

  /** @param {Mode} mode */
  use(mode) {
    this.mode = mode;
    this.at = -1;
    this.refresh();
  }

  /**
   * Go to the next item, or the one before.
   * @param {1 | -1} by
   * @returns {boolean} false when nothing is left
   */
  step(by) {
    const at = nextItem(this.items, this.at, by, (one) => !(this.skipDecided && this.decided(one)));
    if (at === null) {
      this.leave();
      return false;
    }
    this.show(at);
    return true;
  }

  /** @param {number} at index of the item */
  show(at) {
    const item = this.items[at];
    if (!item) return;
    this.at = at;
    this.on = true;
    this.bench.select([item.instance]);
    this.bench.canvas.dim = new Set([item.instance]);
    this.bench.go(item.frame);
    this.look();
    this.dispatchEvent(new Event("change"));
  }

  /** Zoom to the item once its picture and its label are there. */
  look() {
    const { item, bench } = this;
    if (this.mode === "frame" && !this.on) this.refresh();
    if (!this.on || !item || bench.shown !== item.frame) return;
    const label = bench.store.label(item.instance, item.frame);
    if (!label?.shape || this.looked === item) return;
    this.looked = item;
    const instance = bench.store.instances.get(item.instance);
    if (this.zooms && instance) bench.viewport.fitRect(bounds(bench.classOf(instance).shape, label.shape), MARGIN);
    bench.canvas.invalidate();
  }

  /** Stop stepping: everything is shown as before. */
  leave() {
    if (!this.on) return;
    this.on = false;
    this.at = -1;
    this.looked = undefined;
    this.bench.canvas.dim = null;
    this.bench.canvas.invalidate();
    this.bench.viewport.fit();
    this.dispatchEvent(new Event("change"));
  }
}
