// @ts-check
// Why a label is rejected, by one key: 1 to 9 choose a reason of the person's own list.

import { make } from "../../shared/dom.js";

/**
 * Ask for a reason. Resolves with it (empty for none), null when the person thought better of it.
 * @param {string} what such as “Car 3 on frame 12”
 * @param {string[]} reasons at most nine
 * @returns {Promise<string | null>}
 */
export function askReason(what, reasons) {
  const field = make("input", { type: "text", id: "reject-reason", maxlength: "500" });
  const list = make("ol", { class: "reasons" });
  const dialog = make("dialog", { id: "reasons", "aria-labelledby": "reasons-heading" });
  const form = make(
    "form", { method: "dialog", class: "stack" },
    make("h2", { id: "reasons-heading" }, `Reject ${what}`),
    list,
    make("div", { class: "field" }, make("label", { for: "reject-reason" }, "Another reason (Enter without one: none)"), field),
    make(
      "div", { class: "actions" },
      make("button", { type: "submit", class: "danger", value: "reject" }, "Reject"),
      make("button", { type: "button", id: "reasons-cancel" }, "Cancel"),
    ),
  );
  dialog.append(form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    /** @type {string | null} */
    let chosen = null;
    const choose = (/** @type {string} */ reason) => {
      chosen = reason;
      dialog.close();
    };
    reasons.slice(0, 9).forEach((reason, index) => {
      const button = make("button", { type: "button" }, make("kbd", {}, String(index + 1)), ` ${reason}`);
      button.addEventListener("click", () => choose(reason));
      list.append(make("li", {}, button));
    });
    dialog.addEventListener("keydown", (event) => {
      const reason = /^Digit[1-9]$/.test(event.code) && !field.value ? reasons[Number(event.code.slice(5)) - 1] : undefined;
      // Keys of the page stay out of the dialog.
      event.stopPropagation();
      if (reason === undefined) return;
      event.preventDefault();
      choose(reason);
    });
    form.addEventListener("submit", () => (chosen = field.value.trim()));
    dialog.querySelector("#reasons-cancel")?.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
    dialog.showModal();
    field.focus();
  });
}
