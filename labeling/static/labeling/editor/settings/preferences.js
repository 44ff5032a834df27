// @ts-check
// What this person has set for themselves: at once here, soon on the server, and kept here while it is away.

import { ApiError, ask } from "../../shared/api.js";

/** @typedef {import("../bench.js").Bench} Bench */

/** What holds until somebody sets it otherwise; the server has the same table. */
export const DEFAULTS = Object.freeze({
  tracking_range: 30,
  advanced_tracking: true,
  autosave: true,
  autosave_seconds: 1.5,
  theme: "system",
  wheel: "zoom",
  brush_size: 24,
  color_by: "class",
  opacity: 0.35,
  brightness: 1,
  contrast: 1,
  show_names: true,
  low_confidence: 0.5,
  reject_reasons: ["Not tight", "Wrong class", "Wrong object", "Object missing", "Not an object"],
  keys: {},
  step: 10,
  snap: true,
  sam_objects: "one",
  panoptic_mode: "off",
});

/** @typedef {keyof typeof DEFAULTS} Name */

const SEND_MS = 800;
const AGAIN_MS = 15_000;

export class Preferences {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.place = `labelyard.preferences.${bench.facts.user.id}`;
    /** @type {Record<string, any>} set here, and not yet taken by the server */
    this.unsent = this.kept();
    /** @type {Record<string, any>} */
    this.values = { ...DEFAULTS, ...bench.facts.preferences, ...this.unsent };
    /** @type {number | undefined} */
    this.timer = undefined;
    window.addEventListener("online", () => this.soon(0));
    window.addEventListener("pagehide", () => void this.send());
    if (Object.keys(this.unsent).length) this.soon(SEND_MS);
  }

  /** @param {Name | string} name @returns {any} */
  get(name) {
    return this.values[name];
  }

  /** @param {Name} name @param {unknown} value */
  set(name, value) {
    this.values[name] = value;
    this.unsent[name] = value;
    this.keep();
    this.bench.tell("preferences", name);
    this.soon(SEND_MS);
  }

  /** Back to what holds for everybody. @param {Name[]} names */
  reset(names) {
    for (const name of names) this.set(name, structuredClone(DEFAULTS[name]));
  }

  /** @param {number} wait */
  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), wait);
  }

  async send() {
    clearTimeout(this.timer);
    const sent = this.unsent;
    if (!Object.keys(sent).length) return;
    this.unsent = {};
    try {
      await ask("PATCH", "me/preferences/", sent);
      this.keep();
    } catch (error) {
      this.unsent = { ...sent, ...this.unsent };
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 403) this.drop(sent, error);
      else this.soon(AGAIN_MS);
    }
  }

  /** The server will never take these: keep what it had. @param {Record<string, any>} sent @param {ApiError} error */
  drop(sent, error) {
    for (const name of Object.keys(sent)) {
      if (this.unsent[name] === sent[name]) delete this.unsent[name];
    }
    this.keep();
    this.bench.say(`Your settings were not saved. ${error.message}`, "warn");
  }

  keep() {
    try {
      if (Object.keys(this.unsent).length) localStorage.setItem(this.place, JSON.stringify(this.unsent));
      else localStorage.removeItem(this.place);
    } catch {
      // A browser that keeps nothing (private, full) still has them for this page.
    }
  }

  /** @returns {Record<string, any>} */
  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.place) ?? "{}");
    } catch {
      return {};
    }
  }
}
