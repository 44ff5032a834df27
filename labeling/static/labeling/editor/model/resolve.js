// @ts-check
// What becomes of the edits that wait once a conflict about a label is settled. Pure.

import { onLabel } from "./versions.js";

/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("./versions.js").OnLabel} OnLabel */
/** @typedef {"mine" | "theirs" | "both"} Choice */
/**
 * @typedef {object} Settling
 * @property {Choice} choice
 * @property {number} version of the label that stands there now, 0 for none
 * @property {Key} newKey of the object that mine becomes when both are kept
 * @property {number} objectClass of the object in question
 */

/**
 * @param {Operation[][]} edits that wait, in order; the first one is in conflict
 * @param {number} index of the operation in it
 * @param {Settling} settling
 * @returns {Operation[][]} the same edits as they are to be sent
 */
export function resolved(edits, index, settling) {
  const operation = edits[0]?.[index];
  if (!operation || !onLabel(operation)) return edits;
  if (settling.choice === "mine") {
    return edits.map((one, at) => (at === 0 ? put(one, index, { ...operation, version: settling.version }) : one));
  }
  const same = (/** @type {Operation} */ one) => onLabel(one) && one.instance === operation.instance && one.frame === operation.frame;
  if (settling.choice === "theirs") return edits.map((one) => one.filter((other) => !same(other)));
  const { newKey: instance, objectClass: object_class } = settling;
  const moved = edits.map((one) => one.map((other) => (same(other) ? { .../** @type {OnLabel} */ (other), instance } : other)));
  const mine = /** @type {OnLabel} */ (moved[0]?.[index]);
  const first = put(moved[0] ?? [], index, { ...mine, version: 0 });
  return [[{ op: "instance.create", instance, object_class }, ...first], ...moved.slice(1)];
}

/** @param {Operation[]} operations @param {number} index @param {Operation} operation */
function put(operations, index, operation) {
  return operations.map((one, at) => (at === index ? operation : one));
}
