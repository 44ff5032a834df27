// @ts-check
// The save state in the header, and the choice when somebody else changed the same label.

import { byId } from "../shared/dom.js";

/** @typedef {import("./saving.js").Saving} Saving */
/** @typedef {import("./bench.js").Bench} Bench */

/**
 * @param {Bench} bench
 * @param {Saving} saving
 */
export function showSaving(bench, saving) {
  const place = byId("save-state");
  const refused = byId("refused");
  const conflict = byId("conflict");
  saving.addEventListener("state", () => {
    place.textContent = words(saving);
    place.className = `tag ${tone(saving)}`;
    refused.hidden = saving.state !== "refused";
    byId("refused-sentence").textContent = saving.sentence;
    conflict.hidden = saving.conflict === null;
    bench.ghost = saving.conflict?.theirs ?? null;
    bench.tell("draft");
    if (saving.conflict) byId("conflict-sentence").textContent = told(bench, saving.conflict);
  });
  byId("refused-close").addEventListener("click", () => (refused.hidden = true));
  byId("keep-mine").addEventListener("click", () => saving.keepMine());
  byId("take-theirs").addEventListener("click", () => saving.takeTheirs());
}

/** @param {Saving} saving */
function words(saving) {
  const waiting = saving.queue.length;
  if (saving.state === "saving") return "Saving…";
  if (saving.state === "offline") return `Offline: ${waiting} change${waiting === 1 ? "" : "s"} kept here`;
  if (saving.state === "conflict") return "Conflict";
  if (saving.state === "refused") return "Not saved";
  const time = saving.savedAt?.toTimeString().slice(0, 5);
  return time ? `Saved ${time}` : "Saved";
}

/** @param {Saving} saving */
function tone(saving) {
  if (saving.state === "saved") return "good";
  return saving.state === "saving" ? "" : saving.state === "offline" ? "warn" : "bad";
}

/**
 * @param {Bench} bench
 * @param {import("./saving.js").Conflict} conflict
 */
function told(bench, { instance, frame, theirs }) {
  const name = bench.instances.get(instance)?.name ?? "The object";
  const did = theirs ? (theirs.shape ? "changed it" : "marked it absent") : "removed it";
  return `${name}, frame ${frame}: somebody ${did} while you did.`;
}
