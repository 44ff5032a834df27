// @ts-check
// A choice of a few things side by side, as radio buttons.

import { byId, make } from "../../shared/dom.js";

/**
 * @param {string} name of the group of buttons
 * @param {string} label
 * @param {readonly (readonly [string, string])[]} options value and words
 * @param {(value: string) => void} chosen
 */
export function segments(name, label, options, chosen) {
  const inputs = options.map(([value]) => make("input", { type: "radio", name, value, id: `${name}-${value}` }));
  const element = make(
    "div", { class: "segments", role: "radiogroup", "aria-label": label },
    ...options.map(([, words], index) => make("label", {}, /** @type {HTMLInputElement} */ (inputs[index]), make("span", {}, words))),
  );
  // After a press of the pointer keys mean the frame again; whoever chooses by keys stays.
  element.addEventListener("pointerup", () => requestAnimationFrame(() => byId("stage").focus({ preventScroll: true })));
  for (const input of inputs) input.addEventListener("change", () => input.checked && chosen(input.value));
  const show = (/** @type {string} */ value) => inputs.forEach((input) => (input.checked = input.value === value));
  return { element, show };
}
