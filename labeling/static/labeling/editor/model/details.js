// @ts-check
// What waits to be saved, and what could not be: shown, tried again, kept as a file.

import { make } from "../../shared/dom.js";
import { words } from "./words.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./outbox.js").Row} Row */

/** Show how saving stands until the person closes it. @param {Bench} bench */
export function showDetails(bench) {
  if (document.getElementById("save-details")) return;
  const { editing } = bench;
  const body = make("div", { class: "stack" });
  const dialog = make(
    "dialog", { id: "save-details", class: "asks", "aria-labelledby": "save-details-heading" },
    make("div", { class: "stack" }, make("h2", { id: "save-details-heading" }, "Saving"), body),
  );
  const paint = () => body.replaceChildren(...contents(bench, dialog, paint));
  paint();
  editing.addEventListener("state", paint);
  dialog.addEventListener("close", () => {
    editing.removeEventListener("state", paint);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {Bench} bench @param {HTMLDialogElement} dialog @param {() => void} paint */
function contents(bench, dialog, paint) {
  const { editing } = bench;
  const { rows, refused, lasts } = editing.outbox;
  /** @type {HTMLElement[]} */
  const parts = [make("p", {}, `${words(editing)}.`), make("p", { class: "small muted", hidden: !editing.sender.sentence }, editing.sender.sentence)];
  if (rows.length) parts.push(make("h3", {}, "Waiting to be saved"), list(rows));
  if (rows.length && !lasts) parts.push(make("p", { class: "small" }, "This browser does not let the page keep changes: leave it open until they are saved."));
  if (refused.length) parts.push(make("h3", {}, "Could not be saved"), list(refused));
  const actions = make("div", { class: "actions" });
  if (rows.length) actions.append(button("save-now", "Try now", () => void editing.sender.send(), "primary"));
  if (rows.length || refused.length) actions.append(button("save-copy", "Download a copy", () => download(bench)));
  if (refused.length) actions.append(button("save-dismiss", "Forget what could not be saved", () => forget(bench, paint)));
  actions.append(button("save-close", "Close", () => dialog.close()));
  return [...parts, actions];
}

/** @param {Row[]} rows */
function list(rows) {
  const items = rows.map(({ kind, title, at, refused = "" }) => {
    const done = kind === "edit" ? title : `${kind === "undo" ? "Undo" : "Redo"}: ${title}`;
    return make("li", {}, make("strong", {}, done), ` ${new Date(at).toLocaleTimeString()}`, ...(refused ? [make("p", { class: "small" }, refused)] : []));
  });
  return make("ul", { class: "waits" }, ...items);
}

/** @param {Bench} bench @param {() => void} paint */
function forget({ editing }, paint) {
  for (const row of [...editing.outbox.refused]) void editing.outbox.drop(row);
  if (editing.state === "refused") editing.sender.say("saved");
  else editing.dispatchEvent(new Event("state"));
  paint();
}

/** A file of everything that the server does not have, so that none of it is lost. @param {Bench} bench */
function download({ editing, facts }) {
  const { rows, refused } = editing.outbox;
  const edits = [...refused, ...rows].map(({ key, kind, title, at, operations, refused: reason }) => ({
    key, kind, title, at: new Date(at).toISOString(), reason: reason ?? "not sent yet", operations,
  }));
  const text = JSON.stringify({ task: facts.task, title: facts.title, person: facts.user.name, edits }, null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = make("a", { href: address, download: `task-${facts.task}-not-saved.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {string} id @param {string} text @param {() => void} run @param {string} [look] */
function button(id, text, run, look = "") {
  const made = make("button", { id, type: "button", class: look }, text);
  made.addEventListener("click", run);
  return made;
}
