// @ts-check
// Panoptic mode: whether a new bitmask leaves out the pixels of those that are there. Of bitmasks only.

import { make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */
/** @typedef {import("./sam.js").Sam} Sam */

const ELSEWHERE = "Panoptic mode is of bitmasks only.";

/** Whether labels of the class leave out other bitmasks. @param {Bench} bench @param {ObjectClass} of */
export function excludes({ preferences }, of) {
  return of.shape === "bitmask" && preferences.get("panoptic_mode") === "exclude";
}

/** What every prompt of a draft says: what it is for, and how. @param {Bench} bench @param {import("./types.js").Subject} subject */
export function purpose(bench, { key, of }) {
  const id = key === null ? null : (bench.store.instances.get(key)?.id ?? null);
  return { ...(id === null ? { object_class: of.id } : { instance: id }), ...(excludes(bench, of) ? { exclude_bitmasks: true } : {}) };
}

/** The settings of bitmasks. @param {Bench} bench @param {Sam} sam @returns {HTMLElement} */
export function panopticPanel(bench, sam) {
  const select = make("select", { id: "panoptic-mode" }, make("option", { value: "off" }, "Off"), make("option", { value: "exclude" }, "Exclude"));
  const label = make("label", { for: "panoptic-mode" }, "Panoptic mode");
  const panel = make("div", { class: "panoptic", role: "group", "aria-label": "Bitmask" }, make("h2", {}, "Bitmask"), label, select);
  select.addEventListener("change", () => {
    bench.preferences.set("panoptic_mode", select.value);
    // The preview is of what would be saved.
    if (sam.draft) sam.ask();
  });
  const show = () => {
    const of = sam.draft?.subject.of ?? bench.currentClass;
    const fits = of?.shape === "bitmask";
    panel.hidden = !sam.on;
    select.disabled = !fits;
    select.value = bench.preferences.get("panoptic_mode");
    panel.title = fits ? "Exclude: a new bitmask leaves out every pixel of bitmasks that are there" : ELSEWHERE;
  };
  sam.addEventListener("change", show);
  bench.on(["tool", "class", "preferences"], show);
  show();
  return panel;
}
