// @ts-check
// Whether an edit may be made, as far as that is known here. The server has the last word.

import { instancesOf, onLabel } from "./versions.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Operation} Operation */

/** So many operations are one edit at the server. */
export const OPERATIONS_MAX = 500;

/**
 * Say why an edit cannot be made; empty when it can.
 * @param {Pick<Bench, "facts" | "locked" | "store">} bench
 * @param {Operation[]} operations
 * @returns {string}
 */
export function obstacleTo({ facts, locked, store }, operations) {
  const judging = operations.every(({ op }) => op === "review.decide");
  if (!(judging ? facts.mayJudge : facts.mayEdit)) return facts.barrier || "You may look here, not change.";
  if (operations.length > OPERATIONS_MAX) {
    return `That are ${operations.length} changes in one go; at most ${OPERATIONS_MAX} are. Do it in parts.`;
  }
  for (const operation of operations) {
    if (operation.op === "review.decide") continue;
    const held = instancesOf(operation).find((key) => locked.has(key));
    if (held !== undefined) return `${nameOf(store, held)} is locked. Unlock it before you change it.`;
    if (onLabel(operation) && accepted(store, operation)) {
      return `${nameOf(store, operation.instance)} is accepted on frame ${operation.frame}. Take the decision back before you change it.`;
    }
  }
  return "";
}

/** @param {Bench["store"]} store @param {{instance: string, frame: number}} operation */
function accepted(store, { instance, frame }) {
  return store.decisions(instance).some((one) => one.decision === "accepted" && one.first_frame <= frame && frame <= one.last_frame);
}

/** @param {Bench["store"]} store @param {string} key */
function nameOf(store, key) {
  return store.instances.get(key)?.name ?? "The object";
}
