// @ts-check
// Handing the task in, accepting, sending back and reopening it: the page is loaded anew after each.

import { ask } from "../shared/api.js";
import { byId } from "../shared/dom.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./saving.js").Saving} Saving */

/**
 * @param {Bench} bench
 * @param {Saving} saving
 */
export function offerStages(bench, saving) {
  for (const verb of ["submit", "accept", "reopen"]) {
    document.getElementById(`task-${verb}`)?.addEventListener("click", () => move(bench, saving, verb, {}));
  }
  document.getElementById("task-reject")?.addEventListener("click", () => {
    const dialog = byId("reject-dialog", HTMLDialogElement);
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue !== "reject") return;
      move(bench, saving, "reject", { comment: byId("reject-comment", HTMLTextAreaElement).value });
    };
    dialog.showModal();
  });
  byId("reload").addEventListener("click", () => location.reload());
}

/**
 * Move the task once everything before is saved.
 * @param {Bench} bench
 * @param {Saving} saving
 * @param {string} verb
 * @param {Record<string, string>} body
 */
function move(bench, saving, verb, body) {
  saving.add(`task ${verb}`, async () => {
    const sent = Object.keys(body).length ? body : undefined;
    await ask("POST", `tasks/${bench.facts.task}/${verb}/`, sent);
    // The operation is over once this has run, so nothing unsaved holds the page back.
    setTimeout(() => location.reload());
  });
}

/** Somebody else moved the task: say so, and offer the page as it is now. */
export function taskMoved() {
  byId("moved").hidden = false;
}
