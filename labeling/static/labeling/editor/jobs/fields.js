// @ts-check
// Fields of the drawer.

import { make } from "../../shared/dom.js";

/** @param {string} id @param {{min: number, max: number, step?: string, value?: number, optional?: boolean, hint?: string}} told */
export function numberField(id, { min, max, step = "1", value, optional = false, hint = "" }) {
  const made = make("input", { type: "number", id, min: String(min), max: String(max), step, required: !optional });
  if (hint) made.placeholder = hint;
  if (value !== undefined) made.value = String(value);
  return made;
}

/** @param {string} id @param {string} text @param {boolean} checked */
export function checkField(id, text, checked) {
  const box = make("input", { type: "checkbox", id, checked });
  return { box, label: make("label", { class: "check" }, box, ` ${text}`) };
}

/** A part of the drawer that can be folded. @param {string} title @param {boolean} open @param {...HTMLElement} children */
export function section(title, open, ...children) {
  return make("details", { class: "drawer-section", open }, make("summary", {}, make("h2", {}, title)), ...children);
}

/** What a run comes to, before it is ordered. @param {HTMLElement} place @param {string} text @param {string[]} warnings @param {boolean} ready */
export function sayPlan(place, text, warnings, ready) {
  const shown = warnings.map((warning) => make("p", { class: "said warn slim" }, warning));
  place.replaceChildren(make("p", { class: ready ? "small" : "small muted" }, text), ...shown);
}
