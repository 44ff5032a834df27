// @ts-check
// How saving stands, in the header; undo, redo and saving as actions; word of a task that moved on.

import { ask } from "../../shared/api.js";
import { byId, make } from "../../shared/dom.js";
import { showDetails } from "./details.js";
import { toneOf, words } from "./words.js";

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} bench */
export function showSaving(bench) {
  const { editing } = bench;
  const place = byId("save-state");
  const button = make("button", { type: "button", class: "plain", title: "Show what waits to be saved" });
  const signIn = make("a", { href: "/sign-in/", target: "_blank", rel: "noopener" }, "Sign in");
  const show = () => {
    // Said anew only when it changed: a live region repeats whatever is put into it.
    if (button.textContent !== words(editing)) button.textContent = words(editing);
    place.className = `tag ${toneOf(editing)}`;
    if (editing.state === "signed-out") place.append(signIn);
    else signIn.remove();
  };
  button.addEventListener("click", () => showDetails(bench));
  place.replaceChildren(button);
  show();
  editing.addEventListener("state", show);
  offerHistory(bench);
  bench.on(["moved"], () => sayMoved(bench).catch(() => {}));
}

/** @param {Bench} bench */
function offerHistory(bench) {
  const { editing } = bench;
  bench.actions.add(
    {
      id: "edit.undo", title: "Undo", group: "Page", keys: ["Mod+KeyZ"], repeats: true,
      when: () => editing.undoable !== null || "There is nothing to undo.", run: () => editing.undo(),
    },
    {
      id: "edit.redo", title: "Redo", group: "Page", keys: ["Mod+Shift+KeyZ"], repeats: true,
      when: () => editing.redoable !== null || "There is nothing to redo.", run: () => editing.redo(),
    },
    { id: "page.save", title: "Save now", group: "Page", keys: ["Mod+KeyS"], run: () => editing.flush().catch((error) => bench.say(error.message, "bad")) },
    { id: "page.saving", title: "Show what waits to be saved", group: "Page", run: () => showDetails(bench) },
  );
  const [undo, redo] = [byId("undo", HTMLButtonElement), byId("redo", HTMLButtonElement)];
  undo.addEventListener("click", () => bench.actions.run("edit.undo"));
  redo.addEventListener("click", () => bench.actions.run("edit.redo"));
  editing.addEventListener("history", () => {
    offer(bench, undo, "edit.undo", "Undo", editing.undoable?.title);
    offer(bench, redo, "edit.redo", "Redo", editing.redoable?.title);
  });
  editing.readHistory().catch(() => {});
}

/**
 * @param {Bench} bench @param {HTMLButtonElement} button @param {string} id of the action
 * @param {string} verb @param {string | undefined} title of the step
 */
function offer(bench, button, id, verb, title) {
  button.disabled = title === undefined;
  button.title = bench.actions.hint(id, title === undefined ? verb : `${verb} ${title}`);
}

/** @type {Record<string, string>} */
const STAGES = { annotate: "was sent back to annotating", review: "was submitted for review", complete: "is complete", agent: "went to an agent" };

/**
 * Somebody moved the task to another stage or gave it to somebody else: say so, and offer the page as it is now.
 * @param {Bench} bench
 */
async function sayMoved(bench) {
  const { facts } = bench;
  const { stage, assignee } = await ask("GET", `tasks/${facts.task}/`);
  const words = stage === facts.stage ? assigned(facts.user.id, assignee) : `This task ${STAGES[stage] ?? "moved on"}.`;
  if (stage === "complete" && facts.stage !== "complete") {
    facts.mayEdit = false;
    facts.mayJudge = false;
    facts.barrier = "The task is complete. Reopen it before changing anything in it.";
  }
  document.getElementById("moved")?.remove();
  const reload = make("button", { type: "button", class: "small", id: "reload" }, "Load it anew");
  reload.addEventListener("click", async () => {
    await bench.editing.sender.send();
    location.reload();
  });
  byId("messages").before(make("div", { class: "said slim warn", id: "moved", role: "status" }, make("span", { class: "grow" }, words), reload));
}

/** @param {number} user @param {{id: number, name?: string, username?: string} | number | null} assignee */
function assigned(user, assignee) {
  const id = typeof assignee === "object" ? assignee?.id : assignee;
  if (id === undefined || id === null) return "This task is nobody’s now.";
  return id === user ? "This task is yours now." : "This task was given to somebody else.";
}
