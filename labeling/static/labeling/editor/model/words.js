// @ts-check
// How saving stands, in words. Pure.

/** @typedef {import("./sender.js").State} State */
/**
 * @typedef {object} Standing
 * @property {State} state
 * @property {{rows: unknown[], refused: unknown[]}} outbox
 * @property {{savedAt: Date | null, working: unknown}} sender
 * @property {() => boolean} autosaves
 */

/** @type {Record<State, string>} */
const TONES = { saved: "good", saving: "", offline: "warn", conflict: "bad", refused: "bad", "signed-out": "bad" };

/** @param {Standing} standing */
export function words(standing) {
  const { state, outbox, sender } = standing;
  const waiting = counted(outbox.rows.length);
  if (state === "saving") return standing.autosaves() || sender.working ? "Saving…" : `${waiting} to save`;
  if (state === "offline") return `Offline: ${waiting} kept here`;
  if (state === "signed-out") return `Signed out: ${waiting} kept here`;
  if (state === "conflict") return "Conflict";
  if (state === "refused") return "Not saved";
  const time = sender.savedAt && ` ${two(sender.savedAt.getHours())}:${two(sender.savedAt.getMinutes())}`;
  const lost = outbox.refused.length ? `, ${counted(outbox.refused.length)} not` : "";
  return `Saved${time ?? ""}${lost}`;
}

/** @param {Standing} standing */
export function toneOf(standing) {
  const { state, outbox, sender } = standing;
  if (state === "saved" && outbox.refused.length) return "bad";
  if (state === "saving" && !standing.autosaves() && !sender.working) return "warn";
  return TONES[state];
}

/** @param {number} count */
function counted(count) {
  return `${count} change${count === 1 ? "" : "s"}`;
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}
