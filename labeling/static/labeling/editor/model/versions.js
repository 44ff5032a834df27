// @ts-check
// The versions of labels that an edit was made upon: filled in when it is made, renewed when one before it is saved. Pure.

/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {Extract<Operation, {op: "label.put" | "label.absent" | "label.remove"}>} OnLabel */

/** @param {Operation} operation @returns {operation is OnLabel} */
export function onLabel(operation) {
  return operation.op === "label.put" || operation.op === "label.absent" || operation.op === "label.remove";
}

/** @param {{instance: Key, frame: number}} label */
export function nameOf({ instance, frame }) {
  return `${frame} ${instance}`;
}

/** The instances that an operation is about. @param {Operation} operation @returns {Key[]} */
export function instancesOf(operation) {
  if (operation.op === "classification.put") return [];
  if (operation.op === "instance.merge") return [operation.instance, ...operation.others];
  if (operation.op === "instance.split") return [operation.instance, operation.into];
  return [operation.instance];
}

/** The instances that an operation makes. @param {Operation} operation @returns {Key[]} */
export function madeBy(operation) {
  if (operation.op === "instance.create") return [operation.instance];
  return operation.op === "instance.split" ? [operation.into] : [];
}

const WHOLE = new Set(["instance.convert", "instance.delete", "instance.merge", "instance.split", "labels.remove"]);

/**
 * Put into each operation on a label the version that was seen. Only the first one on a label asks: those after it
 * in the same edit build on it.
 * @param {Operation[]} operations
 * @param {(key: Key, frame: number) => number | undefined} versionOf undefined: not known here
 * @returns {Operation[]}
 */
export function withVersions(operations, versionOf) {
  const asked = new Set();
  const whole = new Set();
  return operations.map((operation) => {
    if (WHOLE.has(operation.op)) instancesOf(operation).forEach((key) => whole.add(key));
    if (!onLabel(operation)) return operation;
    const { version: _, ...bare } = operation;
    const name = nameOf(operation);
    const version = whole.has(operation.instance) || asked.has(name) ? undefined : versionOf(operation.instance, operation.frame);
    asked.add(name);
    return /** @type {OnLabel} */ (version === undefined ? bare : { ...bare, version });
  });
}

/**
 * What a saved edit left: the version of each label it wrote (0: removed), and instances of which that is not known.
 * @typedef {{versions: Map<string, number>, unknown: Set<Key>}} Left
 */

/**
 * Renew the versions that a waiting edit was made upon.
 * @param {Operation[]} operations
 * @param {Left} left
 * @returns {Operation[] | null} null when nothing changes
 */
export function renewed(operations, { versions, unknown }) {
  let changed = false;
  const after = operations.map((operation) => {
    if (!onLabel(operation) || operation.version === undefined) return operation;
    const version = versions.get(nameOf(operation));
    if (version === undefined && !unknown.has(operation.instance)) return operation;
    changed = true;
    const { version: _, ...bare } = operation;
    return /** @type {OnLabel} */ (version === undefined ? bare : { ...bare, version });
  });
  return changed ? after : null;
}

/**
 * Join an edit that goes on with one before it: of several puts of one label the last one counts.
 * @param {Operation[]} before with versions
 * @param {Operation[]} after
 * @returns {Operation[]}
 */
export function joined(before, after) {
  const all = [...before];
  for (const operation of after) {
    const last = all.map((one) => instancesOf(one).some((key) => instancesOf(operation).includes(key))).lastIndexOf(true);
    const same = all[last];
    const again = operation.op === "label.put" && same?.op === "label.put" && same.frame === operation.frame;
    if (again) all[last] = over(same, operation);
    else all.push(operation);
  }
  return all;
}

/** A put over one before it, which keeps the version that was seen. @param {Operation} before @param {Operation} after @returns {Operation} */
function over(before, after) {
  const { version: _, ...bare } = /** @type {OnLabel} */ (after);
  return /** @type {OnLabel} */ ({ ...before, ...bare });
}
