// @ts-check
// Operations as they will turn out, laid over what the server said before it was asked. Pure.
// What cannot be known here (labels of frames that were not read, converted shapes) comes with the server's answer.

import { answered, cut, reviewOf } from "./ranges.js";

/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("./world.js").Overlay} Overlay */
/** @typedef {import("./world.js").Patch} Patch */
/**
 * @typedef {object} Knowledge what operations need beside labels
 * @property {number} user
 * @property {number} first of the task's frames
 * @property {number} last
 * @property {(objectClass: number, number: number) => string} nameOf
 */
/**
 * @template {Operation["op"]} Name
 * @typedef {Extract<Operation, {op: Name}>} Of
 */

/**
 * Lay the operations of one edit over what is shown; returns what they replaced.
 * @param {Overlay} over
 * @param {Operation[]} operations
 * @param {Knowledge} knowledge
 * @returns {Patch}
 */
export function apply(over, operations, knowledge) {
  const patch = over.note();
  for (const operation of operations) {
    const step = /** @type {(over: Overlay, operation: any, knowledge: Knowledge) => void} */ (STEPS[operation.op]);
    step(over, operation, knowledge);
  }
  return patch;
}

/** @type {{[Name in Operation["op"]]: (over: Overlay, operation: Of<Name>, knowledge: Knowledge) => void}} */
const STEPS = {
  "instance.create": create,
  "instance.change": change,
  "instance.convert": () => {},
  "instance.delete": (over, { instance }) => remove(over, instance),
  "instance.merge": merge,
  "instance.split": split,
  "label.put": put,
  "label.absent": (over, { instance, frame }, knowledge) => setLabel(over, absent(over, instance, frame, knowledge)),
  "label.remove": (over, { instance, frame }) => dropLabel(over, instance, frame),
  "labels.remove": removeRange,
  "answer.put": answer,
  "classification.put": classify,
  "review.decide": decide,
};

/** @param {Overlay} over @param {Of<"instance.create">} operation @param {Knowledge} knowledge */
function create(over, { instance: key, object_class }, { nameOf }) {
  over.setInstance(key, {
    key, id: null, object_class, number: 0, name: nameOf(object_class, 0), version: 0,
    labelled: { first: null, last: null, count: 0 },
  });
}

/** @param {Overlay} over @param {Of<"instance.change">} operation @param {Knowledge} knowledge */
function change(over, { instance: key, object_class }, { nameOf }) {
  const known = over.instance(key);
  if (known) over.setInstance(key, { ...known, object_class, name: nameOf(object_class, known.number) });
}

/** @param {Overlay} over @param {Key} key */
function remove(over, key) {
  for (const { frame } of over.labelsOf(key)) over.setLabel(key, frame, null);
  over.setInstance(key, null);
  over.setAnswers(key, []);
  over.setDecisions(key, []);
}

/** @param {Overlay} over @param {Of<"instance.merge">} operation */
function merge(over, { instance: key, others }) {
  for (const other of others) {
    for (const label of over.labelsOf(other)) {
      if (!over.label(key, label.frame)) setLabel(over, { ...label, instance: key, unsaved: true });
    }
    remove(over, other);
  }
}

/** @param {Overlay} over @param {Of<"instance.split">} operation @param {Knowledge} knowledge */
function split(over, { instance: key, frame: from, into }, knowledge) {
  const known = over.instance(key);
  if (!known) return;
  create(over, { op: "instance.create", instance: into, object_class: known.object_class }, knowledge);
  for (const label of over.labelsOf(key, from)) {
    setLabel(over, { ...label, instance: into, unsaved: true });
    dropLabel(over, key, label.frame);
  }
  const [answers, theirs] = parted(over.answersOf(key), from);
  over.setAnswers(key, answers);
  over.setAnswers(into, theirs);
  const [decisions, others] = parted(over.decisionsOf(key), from);
  over.setDecisions(key, decisions);
  over.setDecisions(into, others.map((one) => ({ ...one, instance: into })));
}

/**
 * Part ranges at a frame. Rows without a range stay on both sides.
 * @template {{first_frame: number | null, last_frame: number | null}} Row
 * @param {Row[]} rows
 * @param {number} from
 * @returns {[Row[], Row[]]} before the frame, and from it on
 */
function parted(rows, from) {
  return [cut(rows, from, Infinity), cut(rows, 0, from - 1)];
}

/** @param {Overlay} over @param {Of<"label.put">} operation @param {Knowledge} knowledge */
function put(over, { instance, frame, shape, z_order, occluded, provenance }, { user }) {
  const known = over.label(instance, frame);
  const review = known?.review === "accepted" ? "accepted" : "unreviewed";
  setLabel(over, {
    instance, frame, shape, provenance: provenance ?? "manual", confidence: 1, protected: true,
    version: known?.version ?? 0, seq: known?.seq ?? 0, z_order: z_order ?? known?.z_order ?? 0,
    occluded: occluded ?? known?.occluded ?? false, job: null, author: user, review, unsaved: true,
  });
}

/** @param {Overlay} over @param {Key} key @param {number} frame @param {Knowledge} knowledge @returns {Label} */
function absent(over, key, frame, { user }) {
  const known = over.label(key, frame);
  return {
    instance: key, frame, shape: null, provenance: "manual", confidence: 1, protected: true,
    version: known?.version ?? 0, seq: known?.seq ?? 0, z_order: 0, occluded: false, job: null, author: user,
    review: "unreviewed", unsaved: true,
  };
}

/** @param {Overlay} over @param {Of<"labels.remove">} operation @param {Knowledge} knowledge */
function removeRange(over, { instance: key, first, last, mark }, knowledge) {
  for (const { frame, shape } of over.labelsOf(key, first, last)) {
    if (!mark) dropLabel(over, key, frame);
    else if (shape !== null) setLabel(over, absent(over, key, frame, knowledge));
  }
}

/** @param {Overlay} over @param {Of<"answer.put">} operation */
function answer(over, { instance: key, definition, value, first, last }) {
  const row = { definition, value, first_frame: first ?? null, last_frame: last ?? null };
  over.setAnswers(key, answered(over.answersOf(key), row));
}

/** @param {Overlay} over @param {Of<"classification.put">} operation */
function classify(over, { definition, value, first, last }) {
  const row = { definition, value, first_frame: first, last_frame: last };
  over.setClassifications(answered(over.allClassifications(), row));
}

/** @param {Overlay} over @param {Of<"review.decide">} operation */
function decide(over, { instance: key, decision, first, last, reason }) {
  const rows = cut(over.decisionsOf(key), first, last);
  // It is younger than every label there is.
  if (decision !== "cleared") {
    rows.push({ instance: key, first_frame: first, last_frame: last, decision, reason: reason ?? "", seq: Infinity });
  }
  over.setDecisions(key, rows);
  for (const label of over.labelsOf(key, first, last)) {
    over.setLabel(key, label.frame, { ...label, review: reviewOf(rows, label.frame, label.seq) });
  }
}

/** @param {Overlay} over @param {Label} label */
function setLabel(over, label) {
  counted(over, label.instance, label.frame, over.label(label.instance, label.frame), label);
  over.setLabel(label.instance, label.frame, label);
}

/** @param {Overlay} over @param {Key} key @param {number} frame */
function dropLabel(over, key, frame) {
  counted(over, key, frame, over.label(key, frame), null);
  over.setLabel(key, frame, null);
}

/**
 * Keep count of the frames that an instance is labelled on, as far as that can be known here.
 * @param {Overlay} over @param {Key} key @param {number} frame @param {Label | null} before @param {Label | null} after
 */
function counted(over, key, frame, before, after) {
  const known = over.instance(key);
  const [was, is] = [Boolean(before?.shape), Boolean(after?.shape)];
  if (!known || was === is) return;
  const { first, last, count } = known.labelled;
  const labelled = is
    ? { first: Math.min(first ?? frame, frame), last: Math.max(last ?? frame, frame), count: count + 1 }
    : count <= 1 ? { first: null, last: null, count: 0 } : { first, last, count: count - 1 };
  over.setInstance(key, { ...known, labelled });
}

/**
 * Show things as they were before an edit. What somebody touched since stays.
 * @param {Overlay} over
 * @param {Patch} patch what the edit replaced
 * @param {number | null} seq of the edit, null when the server has not answered yet
 */
export function restore(over, patch, seq) {
  const again = over.note();
  for (const [key, before] of patch.instances) {
    const now = over.instance(key);
    over.setInstance(key, before && { ...before, id: now?.id ?? before.id, number: now?.number || before.number, version: now?.version ?? before.version });
  }
  for (const { key, frame, before, after } of patch.labels.values()) {
    const now = over.label(key, frame);
    if (seq !== null && now && now.seq !== seq && !now.unsaved && after?.seq !== now.seq) continue;
    const version = now?.version ?? 0;
    over.setLabel(key, frame, before && { ...before, version, unsaved: true });
  }
  for (const [key, rows] of patch.answers) over.setAnswers(key, rows);
  if (patch.classifications) over.setClassifications(patch.classifications);
  for (const [key, rows] of patch.decisions) over.setDecisions(key, rows);
  return again;
}
