// @ts-check
// The controls of the settings: each sets one preference at once.

import { make } from "../../shared/dom.js";

/** @typedef {import("./preferences.js").Preferences} Preferences */
/** @typedef {import("./preferences.js").Name} Name */
/** @typedef {{element: HTMLElement, show: () => void}} Control */

/** @param {Preferences} preferences @param {Name} name @param {string} title @param {string} [help] @returns {Control} */
export function checkbox(preferences, name, title, help = "") {
  const input = make("input", { type: "checkbox", id: `set-${name}`, ...(help ? { "aria-describedby": `help-${name}` } : {}) });
  input.addEventListener("change", () => preferences.set(name, input.checked));
  const words = make("div", { class: "setting-words" }, make("label", { for: input.id }, title), ...helpOf(name, help));
  return { element: make("div", { class: "setting check-first" }, input, words), show: () => (input.checked = preferences.get(name) === true) };
}

/**
 * @param {Preferences} preferences
 * @param {Name} name
 * @param {string} title
 * @param {{least: number, most: number, step: number, help?: string}} limits
 * @returns {Control}
 */
export function number(preferences, name, title, { least, most, step, help = "" }) {
  const input = make("input", { type: "number", id: `set-${name}`, min: String(least), max: String(most), step: String(step), required: true, ...(help ? { "aria-describedby": `help-${name}` } : {}) });
  input.addEventListener("change", () => {
    const fits = input.checkValidity();
    input.setAttribute("aria-invalid", String(!fits));
    if (fits) preferences.set(name, input.valueAsNumber);
    else input.reportValidity();
  });
  const words = make("div", { class: "setting-words" }, make("label", { for: input.id }, title), ...helpOf(name, help));
  const show = () => {
    if (document.activeElement !== input) input.value = String(preferences.get(name));
  };
  return { element: make("div", { class: "setting" }, words, input), show };
}

/** @param {Preferences} preferences @param {Name} name @param {string} title @param {readonly (readonly [string, string])[]} options @returns {Control} */
export function choice(preferences, name, title, options) {
  const select = make("select", { id: `set-${name}` }, ...options.map(([value, words]) => make("option", { value }, words)));
  select.addEventListener("change", () => preferences.set(name, select.value));
  const element = make("div", { class: "setting" }, make("div", { class: "setting-words" }, make("label", { for: select.id }, title)), select);
  return { element, show: () => (select.value = preferences.get(name)) };
}

/** Nine lines, one a reason. @param {Preferences} preferences @param {Name} name @param {string} title @returns {Control} */
export function reasons(preferences, name, title) {
  const inputs = Array.from({ length: 9 }, (_, index) => make("input", { type: "text", maxlength: "200", "aria-label": `Reason ${index + 1}`, autocomplete: "off" }));
  for (const input of inputs) {
    input.addEventListener("change", () => preferences.set(name, inputs.map((one) => one.value.trim()).filter(Boolean)));
  }
  const list = make("ol", { class: "reason-list" }, ...inputs.map((input, index) => make("li", {}, make("kbd", {}, String(index + 1)), input)));
  const show = () => {
    const now = /** @type {string[]} */ (preferences.get(name));
    inputs.forEach((input, index) => document.activeElement !== input && (input.value = now[index] ?? ""));
  };
  return { element: make("div", { class: "stack tight", role: "group", "aria-label": title }, make("p", {}, title), list), show };
}

/** @param {string} name @param {string} help */
function helpOf(name, help) {
  return help ? [make("p", { class: "small muted", id: `help-${name}` }, help)] : [];
}
