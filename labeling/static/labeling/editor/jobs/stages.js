// @ts-check
// Handing the task in, accepting, sending back and reopening it: the page is loaded anew after each.

import { ask } from "../../shared/api.js";
import { byId, make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} bench */
export function offerStages(bench) {
  for (const verb of ["submit", "accept", "reopen"]) {
    document.getElementById(`task-${verb}`)?.addEventListener("click", () => move(bench, verb, undefined));
  }
  document.getElementById("task-reject")?.addEventListener("click", () => sendBack(bench));
}

/** Ask what is to be mended, then send the task back. @param {Bench} bench */
function sendBack(bench) {
  const comment = make("textarea", { id: "reject-comment", maxlength: "2000" });
  const dialog = make(
    "dialog", { id: "reject-dialog", "aria-labelledby": "reject-heading" },
    make(
      "form", { method: "dialog", class: "stack" },
      make("h2", { id: "reject-heading" }, "Send the task back to its annotator"),
      make("div", { class: "field" }, make("label", { for: "reject-comment" }, "What is to be mended"), comment),
      make(
        "div", { class: "actions" },
        make("button", { type: "submit", value: "" }, "Cancel"),
        make("button", { class: "danger", type: "submit", value: "reject" }, "Send back"),
      ),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "reject") move(bench, "reject", { comment: comment.value });
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * Move the task once everything before is saved.
 * @param {Bench} bench
 * @param {string} verb
 * @param {Record<string, string> | undefined} body
 */
async function move(bench, verb, body) {
  const button = byId(`task-${verb}`, HTMLButtonElement);
  button.disabled = true;
  try {
    await bench.editing.flush();
    await ask("POST", `tasks/${bench.facts.task}/${verb}/`, body);
    location.reload();
  } catch (error) {
    button.disabled = false;
    bench.say(error instanceof Error ? error.message : String(error), "bad");
  }
}
