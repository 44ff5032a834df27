// @ts-check
// Small questions to the person, as real dialogs: the keyboard stays in them, Esc thinks better of it.

import { make } from "../../shared/dom.js";

let made = 0;

/**
 * Ask something. Resolves with the value of the button that was pressed, null when the person thought better of it.
 * @param {string} heading
 * @param {(Node | string)[]} body
 * @param {{value: string, text: string, look?: string}[]} buttons
 * @param {HTMLElement} [focus] where to begin; the first button else
 * @returns {Promise<string | null>}
 */
export function askPerson(heading, body, buttons, focus) {
  const id = `asked-${(made += 1)}`;
  const answers = buttons.map(({ value, text, look = "" }) => make("button", { type: "submit", value, class: look }, text));
  const cancel = make("button", { type: "submit", value: "", formnovalidate: true }, "Cancel");
  const form = make(
    "form", { method: "dialog", class: "stack" },
    make("h2", { id }, heading), ...body, make("div", { class: "actions" }, ...answers, cancel),
  );
  const dialog = make("dialog", { class: "asks", "aria-labelledby": id }, form);
  document.body.append(dialog);
  dialog.showModal();
  (focus ?? answers[0])?.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue || null);
    });
  });
}

/**
 * Ask for a whole number. Resolves with null when the person thought better of it.
 * @param {string} heading
 * @param {{label: string, note?: string, first: number, last: number, value: number, button: string}} asked first and last inclusive
 * @returns {Promise<number | null>}
 */
export async function askNumber(heading, { label, note = "", first, last, value, button }) {
  const field = make("input", { type: "number", id: "asked-number", min: String(first), max: String(last), step: "1", value: String(value), required: true });
  const body = [make("div", { class: "field" }, make("label", { for: "asked-number" }, label), field)];
  if (note) body.push(make("div", { class: "small muted" }, note));
  const asking = askPerson(heading, body, [{ value: "yes", text: button, look: "primary" }], field);
  field.select();
  return (await asking) === null ? null : field.valueAsNumber;
}

/**
 * Ask which of several. Resolves with its value, null when the person thought better of it.
 * @param {string} heading
 * @param {{label: string, note?: string, options: {value: string, text: string}[], button: string}} asked
 * @returns {Promise<string | null>}
 */
export async function askOne(heading, { label, note = "", options, button }) {
  const field = make("select", { id: "asked-one" }, ...options.map(({ value, text }) => make("option", { value }, text)));
  const body = [make("div", { class: "field" }, make("label", { for: "asked-one" }, label), field)];
  if (note) body.push(make("div", { class: "small muted" }, note));
  const answer = await askPerson(heading, body, [{ value: "yes", text: button, look: "primary" }], field);
  return answer === null ? null : field.value;
}
