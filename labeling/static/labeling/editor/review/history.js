// @ts-check
// What happened to the selected object's label on the shown frame, newest first.

import { ask } from "../../shared/api.js";
import { make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */

/**
 * Show the history in a dialog.
 * @param {Bench} bench
 */
export async function showHistory(bench) {
  const instance = bench.primary;
  if (!instance?.id) return;
  const { shown } = bench;
  try {
    const answer = await ask("GET", `instances/${instance.id}/labels/${shown}/history/`);
    open(`${instance.name} on frame ${shown}`, answer.results.map(entry));
  } catch (error) {
    bench.say(error instanceof Error ? error.message : String(error), "bad");
  }
}

/**
 * @param {string} heading
 * @param {HTMLElement[]} entries
 */
function open(heading, entries) {
  const close = make("button", { type: "submit", class: "primary" }, "Close");
  const list = entries.length ? make("ol", { class: "history" }, ...entries) : make("p", { class: "muted" }, "Nothing is known of this label.");
  const dialog = make(
    "dialog", { id: "label-history", "aria-labelledby": "history-heading" },
    make("form", { method: "dialog", class: "stack" }, make("h2", { id: "history-heading" }, heading), list, make("div", { class: "actions" }, close)),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {{title: string, author: {username: string} | null, job: number | null, at: string, label: any}} one */
function entry({ title, author, job, at, label }) {
  const who = author?.username ?? (job ? `job ${job}` : "somebody");
  const state = label ? (label.shape ? `${label.provenance}${label.confidence < 1 ? ` ${label.confidence.toFixed(2)}` : ""}` : "absent") : "no label";
  const time = make("time", { datetime: at, class: "muted small" }, new Date(at).toLocaleString());
  return make("li", {}, make("strong", {}, title), make("span", { class: "muted" }, ` ${who}, ${state} `), time);
}
