// @ts-check
// How saving stands, in the header; undo, redo and saving as actions.

import { byId, make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */

const TONES = { saved: "good", saving: "", offline: "warn", conflict: "bad", refused: "bad", "signed-out": "bad" };

/** @param {Bench} bench */
export function showSaving(bench) {
  const { editing } = bench;
  const place = byId("save-state");
  editing.addEventListener("state", () => {
    place.textContent = words(bench);
    place.className = `tag ${TONES[editing.state]}`;
    place.title = editing.sender.sentence;
    if (editing.state === "signed-out") place.append(" ", make("a", { href: "/sign-in/", target: "_blank" }, "Sign in"));
  });
  offerHistory(bench);
  bench.on(["moved"], () => sayMoved(bench));
}

/** @param {Bench} bench */
function words({ editing }) {
  const waiting = editing.outbox.rows.length;
  const kept = `${waiting} change${waiting === 1 ? "" : "s"} kept here`;
  if (editing.state === "saving") return "Saving…";
  if (editing.state === "offline") return `Offline: ${kept}`;
  if (editing.state === "signed-out") return `Signed out: ${kept}`;
  if (editing.state === "conflict") return "Conflict";
  if (editing.state === "refused") return "Not saved";
  const time = editing.sender.savedAt?.toTimeString().slice(0, 5);
  return time ? `Saved ${time}` : "Saved";
}

/** @param {Bench} bench */
function offerHistory(bench) {
  const { editing } = bench;
  const undo = byId("undo", HTMLButtonElement);
  const redo = byId("redo", HTMLButtonElement);
  bench.actions.add(
    {
      id: "edit.undo", title: "Undo", group: "Page", keys: ["Mod+KeyZ"], repeats: true,
      when: () => editing.undoable !== null || "There is nothing to undo.", run: () => editing.undo(),
    },
    {
      id: "edit.redo", title: "Redo", group: "Page", keys: ["Mod+Shift+KeyZ"], repeats: true,
      when: () => editing.redoable !== null || "There is nothing to redo.", run: () => editing.redo(),
    },
    { id: "page.save", title: "Save now", group: "Page", keys: ["Mod+KeyS"], run: () => editing.flush() },
  );
  undo.addEventListener("click", () => bench.actions.run("edit.undo"));
  redo.addEventListener("click", () => bench.actions.run("edit.redo"));
  editing.addEventListener("history", () => {
    undo.disabled = editing.undoable === null;
    redo.disabled = editing.redoable === null;
    undo.title = bench.actions.hint("edit.undo", `Undo ${editing.undoable?.title ?? ""}`.trim());
    redo.title = bench.actions.hint("edit.redo", `Redo ${editing.redoable?.title ?? ""}`.trim());
  });
  editing.readHistory().catch(() => {});
}

/** Somebody moved the task to another stage or gave it to another: say so, and offer the page as it is now. @param {Bench} bench */
function sayMoved(bench) {
  if (document.getElementById("moved")) return;
  const reload = make("button", { type: "button", class: "small", id: "reload" }, "Load it anew");
  reload.addEventListener("click", () => location.reload());
  const words = make("span", { class: "grow" }, "Somebody changed this task’s stage or assignee.");
  byId("messages").before(make("div", { class: "said warn", id: "moved", role: "status" }, words, reload));
}
