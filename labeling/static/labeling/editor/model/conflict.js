// @ts-check
// Somebody changed the same label: both are shown, and the person chooses.

import { make } from "../../shared/dom.js";
import { resolved } from "./resolve.js";
import { onLabel } from "./versions.js";
import { labelsOf } from "./wire.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("./outbox.js").Row} Row */
/** @typedef {import("./resolve.js").Choice} Choice */
/** @typedef {import("./versions.js").OnLabel} OnLabel */

/**
 * Let the person choose. Returns false when the refusal is not about a label, so that there is no choice.
 * @param {Bench} bench
 * @param {Row} row that was refused
 * @param {import("../../shared/api.js").ApiError} error
 */
export function offerConflict(bench, row, error) {
  const { operation: index, version = 0, current } = error.details;
  const operation = row.operations[index];
  if (row.kind !== "edit" || !operation || !onLabel(operation)) return false;
  const [theirs = null] = labelsOf(current ? [current] : [], (id) => bench.store.keyOf(id)).labels;
  showTheirs(bench, operation, theirs);
  const both = operation.op === "label.put" && theirs !== null && bench.store.instances.has(operation.instance);
  const asking = askChoice(sentence(bench, operation, theirs), both);
  void asking.then((choice) => settle(bench, row, index, choice, version));
  return true;
}

/** @param {Bench} bench @param {OnLabel} operation @param {Label | null} theirs */
function showTheirs(bench, operation, theirs) {
  const { world } = bench.store;
  if (theirs && bench.store.loaded(theirs.frame)) world.put(theirs);
  else if (!theirs) world.labels.get(operation.frame)?.delete(operation.instance);
  bench.go(operation.frame);
  bench.select([operation.instance]);
  bench.ghost = theirs;
  bench.tell("draft");
}

/** @param {Bench} bench @param {Row} row @param {number} index @param {Choice} choice @param {number} version */
async function settle(bench, row, index, choice, version) {
  bench.ghost = null;
  bench.tell("draft");
  const { outbox } = bench.editing;
  const rows = outbox.rows.slice(outbox.rows.indexOf(row));
  const operation = row.operations[index];
  const instance = operation && onLabel(operation) ? bench.store.instances.get(operation.instance) : undefined;
  const newKey = bench.editing.newKey();
  const after = resolved(rows.map((one) => one.operations), index, {
    choice, version, newKey, objectClass: instance?.object_class ?? 0,
  });
  const changed = rows.filter((one, at) => one.kind === "edit" && !same(one.operations, after[at] ?? []));
  rows.forEach((one, at) => (one.operations = after[at] ?? []));
  await bench.editing.settled([...new Set([row, ...changed])]);
  if (choice === "both") bench.select([newKey]);
}

/** @param {unknown[]} before @param {unknown[]} after */
function same(before, after) {
  return before.length === after.length && before.every((one, at) => one === after[at]);
}

/** @param {Bench} bench @param {OnLabel} operation @param {Label | null} theirs */
function sentence(bench, operation, theirs) {
  const name = bench.store.instances.get(operation.instance)?.name ?? "The object";
  const did = theirs ? (theirs.shape ? "changed it" : "marked it absent") : "removed it";
  return `${name}, frame ${operation.frame}: ${whoOf(bench, theirs)} ${did} while you did.`;
}

/** @param {Bench} bench @param {Label | null} theirs */
function whoOf(bench, theirs) {
  const { members, user } = bench.facts;
  if (theirs?.author === user.id) return "you, on another page,";
  if (theirs?.job) return `run ${theirs.job}`;
  return members.find(({ id }) => id === theirs?.author)?.name ?? "somebody";
}

/**
 * @param {string} text
 * @param {boolean} both can be kept
 * @returns {Promise<Choice>}
 */
function askChoice(text, both) {
  const mine = make("button", { type: "submit", value: "mine", id: "keep-mine", class: "primary" }, "Keep mine");
  const dialog = make(
    "dialog", { id: "conflict", class: "aside", "aria-labelledby": "conflict-heading", "aria-describedby": "conflict-sentence" },
    make(
      "form", { method: "dialog", class: "stack" },
      make("h2", { id: "conflict-heading" }, "Two changes of one label"),
      make("p", { id: "conflict-sentence" }, text),
      make("p", { class: "small muted" }, "The other version is drawn dashed over the frame."),
      make(
        "div", { class: "actions" }, mine,
        make("button", { type: "submit", value: "theirs", id: "take-theirs" }, "Take theirs"),
        make("button", { type: "submit", value: "both", id: "keep-both", hidden: !both, title: "Mine becomes an object of its own" }, "Keep both"),
      ),
    ),
  );
  // The choice cannot be put off: nothing else is saved before it.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    const closed = () => {
      if (!dialog.returnValue) {
        // A second Esc closes it whatever we say.
        dialog.showModal();
        return;
      }
      dialog.remove();
      resolve(/** @type {Choice} */ (dialog.returnValue));
    };
    dialog.addEventListener("close", closed);
  });
}
