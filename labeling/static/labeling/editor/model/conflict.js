// @ts-check
// Somebody changed the same label: both are shown, and the person chooses.

import { make } from "../../shared/dom.js";
import { labelsOf } from "./wire.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./outbox.js").Row} Row */
/** @typedef {"mine" | "theirs" | "both"} Choice */

/**
 * @param {Bench} bench
 * @param {Row} row that was refused
 * @param {import("../../shared/api.js").ApiError} error
 */
export async function offerConflict(bench, row, error) {
  const { operation: index, version, current } = error.details;
  const operation = row.operations[index];
  if (!operation || !("frame" in operation)) return;
  const [theirs = null] = labelsOf(current ? [current] : [], (id) => bench.store.keyOf(id)).labels;
  bench.go(operation.frame);
  bench.ghost = theirs;
  bench.tell("draft");
  const choice = await askChoice(sentence(bench, operation, theirs), operation.op === "label.put" && theirs !== null);
  bench.ghost = null;
  bench.tell("draft");
  if (theirs) bench.store.world.put(theirs);
  else bench.store.world.labels.get(operation.frame)?.delete(operation.instance);
  settle(bench, row, index, choice, version ?? 0);
  await bench.editing.settled(row);
}

/**
 * Change the row as was chosen. What is left without operations is dropped by the caller.
 * @param {Bench} bench
 * @param {Row} row
 * @param {number} index
 * @param {Choice} choice
 * @param {number} version that stands there now
 */
export function settle(bench, row, index, choice, version) {
  const operation = row.operations[index];
  if (!operation || !("version" in operation || "frame" in operation)) return;
  if (choice === "mine") {
    row.operations = row.operations.map((one, at) => (at === index ? /** @type {any} */ ({ ...one, version }) : one));
    return;
  }
  row.operations = row.operations.filter((_, at) => at !== index);
  if (choice === "theirs" || operation.op !== "label.put") return;
  const instance = bench.editing.newKey();
  const known = bench.store.instances.get(operation.instance);
  if (!known) return;
  row.operations.push(
    { op: "instance.create", instance, object_class: known.object_class }, { ...operation, instance, version: 0 },
  );
}

/**
 * @param {Bench} bench
 * @param {any} operation
 * @param {import("../types.js").Label | null} theirs
 */
function sentence(bench, operation, theirs) {
  const name = bench.store.instances.get(operation.instance)?.name ?? "The object";
  const who = bench.facts.members.find((one) => one.id === theirs?.author)?.name ?? (theirs?.job ? `job ${theirs.job}` : "somebody");
  const did = theirs ? (theirs.shape ? "changed it" : "marked it absent") : "removed it";
  return `${name}, frame ${operation.frame}: ${who} ${did} while you did.`;
}

/**
 * @param {string} text
 * @param {boolean} both can be kept
 * @returns {Promise<Choice>}
 */
function askChoice(text, both) {
  return new Promise((resolve) => {
    const dialog = make(
      "dialog", { id: "conflict", "aria-labelledby": "conflict-heading" },
      make(
        "form", { method: "dialog", class: "stack" },
        make("h2", { id: "conflict-heading" }, "Two changes of one label"),
        make("p", { id: "conflict-sentence" }, text),
        make(
          "div", { class: "actions" },
          make("button", { type: "submit", value: "mine", id: "keep-mine", class: "primary" }, "Keep mine"),
          make("button", { type: "submit", value: "theirs", id: "take-theirs" }, "Take theirs"),
          make("button", { type: "submit", value: "both", id: "keep-both", hidden: !both, title: "Mine becomes an object of its own" }, "Keep both"),
        ),
      ),
    );
    // The choice cannot be put off: nothing else is saved before it.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(/** @type {Choice} */ (dialog.returnValue || "mine"));
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
