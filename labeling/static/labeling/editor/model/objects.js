// @ts-check
// What can be done to the selected objects as wholes and on the shown frame: actions for keys and menus.

import { askOne, askPerson } from "./dialogs.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Operation} Operation */

/** @param {Bench} bench */
export function offerObjects(bench) {
  /** @type {Action["menus"]} */
  const menus = ["object"];
  const group = "Objects";
  const many = () => obstacle(bench) || true;
  const shaped = () => obstacle(bench) || shapedHere(bench).length > 0 || "None of the selected objects is on this frame.";
  const notLast = () => obstacle(bench) || bench.shown < bench.facts.last || "This is the last frame.";
  bench.actions.add(
    { id: "object.key-frame", title: "Make a key frame", group, menus, keys: ["KeyK"], when: shaped, run: () => keyFrame(bench) },
    { id: "object.occluded", title: "Occluded on this frame", group, menus, keys: ["KeyY"], when: shaped, run: () => occlude(bench) },
    { id: "object.z-up", title: "Bring forward", group, menus, submenu: "In front or behind", keys: ["Shift+PageUp"], when: shaped, run: () => restack(bench, 1) },
    { id: "object.z-down", title: "Send backward", group, menus, submenu: "In front or behind", keys: ["Shift+PageDown"], when: shaped, run: () => restack(bench, -1) },
    { id: "object.end-here", title: "Ends on this frame", group, menus, submenu: "Delete", keys: ["KeyO"], when: notLast, run: () => endHere(bench) },
    { id: "object.absent", title: "Delete on this frame", group, menus, submenu: "Delete", keys: ["Delete", "Backspace"], when: many, run: () => absent(bench) },
    { id: "object.unmark", title: "Leave this frame open", group, menus, submenu: "Delete", when: () => obstacle(bench) || hereAny(bench), run: () => unmark(bench) },
    { id: "object.delete-from-here", title: "Delete from here on", group, menus, submenu: "Delete", when: many, run: () => deleteFromHere(bench) },
    { id: "object.delete", title: "Delete the whole object", group, menus, submenu: "Delete", keys: ["Shift+Delete"], when: many, run: () => deleteWhole(bench) },
    { id: "object.merge", title: "Merge into the first selected", group, menus, when: () => mergeable(bench), run: () => merge(bench) },
    { id: "object.split", title: "Split here", group, menus, when: () => splittable(bench), run: () => split(bench) },
    { id: "object.convert", title: "Change class…", group, menus, when: many, run: () => convert(bench) },
  );
}

/** Say why the selected objects cannot be changed; empty when they can. @param {Bench} bench */
export function obstacle({ facts, selection, locked, store }) {
  if (!facts.mayEdit) return facts.barrier || "You may look here, not change.";
  if (!selection.size) return "Select an object first.";
  const held = [...selection].find((key) => locked.has(key));
  return held === undefined ? "" : `${store.instances.get(held)?.name ?? "It"} is locked. Unlock it before you change it.`;
}

/** @param {Bench} bench @returns {Instance[]} the one selected first comes first */
export function chosen({ selection, store }) {
  return [...selection].flatMap((key) => store.instances.get(key) ?? []);
}

/** The labels with shapes that the selected objects have on the shown frame. @param {Bench} bench @returns {Label[]} */
export function shapedHere(bench) {
  return [...bench.selection].flatMap((key) => bench.store.label(key, bench.shown) ?? []).filter(({ shape }) => shape !== null);
}

/** @param {Bench} bench */
function hereAny(bench) {
  return [...bench.selection].some((key) => bench.store.label(key, bench.shown)) || "There is neither a label nor an absent mark here.";
}

/** What an undo names: one object by its name, several by their number. @param {Bench} bench @param {Iterable<Key>} keys */
export function named(bench, keys) {
  const [first, ...others] = keys;
  return others.length ? `${others.length + 1} objects` : (bench.store.instances.get(first ?? "")?.name ?? "an object");
}

/** The label as it is, put by hand, with something changed. @param {Label} label @param {Partial<Label>} [changed] @returns {Operation} */
export function putAgain({ instance, frame, shape, z_order, occluded, provenance }, changed = {}) {
  const hand = provenance === "prompted" ? provenance : "manual";
  const { z_order: z = z_order, occluded: hidden = occluded } = changed;
  return { op: "label.put", instance, frame, shape, z_order: z, occluded: hidden, provenance: hand };
}

/** A person stands by the shape here: runs start from it and leave it alone. @param {Bench} bench */
function keyFrame(bench) {
  const labels = shapedHere(bench);
  bench.edit(`Key frame of ${named(bench, keysOf(labels))}`, labels.map((label) => putAgain(label)));
}

/** @param {Bench} bench */
function occlude(bench) {
  const labels = shapedHere(bench);
  const occluded = !labels.every((label) => label.occluded);
  bench.edit(`${occluded ? "Occlude" : "Uncover"} ${named(bench, keysOf(labels))}`, labels.map((label) => putAgain(label, { occluded })));
}

/** Above the next one in front, or below the next one behind. @param {Bench} bench @param {1 | -1} way */
function restack(bench, way) {
  const labels = bench.store.labelsOn(bench.shown).filter(({ shape }) => shape !== null);
  const mine = labels.filter(({ instance }) => bench.selection.has(instance));
  const end = labels.indexOf(/** @type {Label} */ (way === 1 ? mine.at(-1) : mine[0]));
  const next = labels[end + way];
  if (!next) {
    bench.say(way === 1 ? "It is in front of everything here." : "It is behind everything here.");
    return;
  }
  const title = `${way === 1 ? "Bring" : "Send"} ${named(bench, keysOf(mine))} ${way === 1 ? "forward" : "backward"}`;
  bench.edit(title, mine.map((label) => putAgain(label, { z_order: next.z_order + way })));
}

/** Gone from the next frame on. @param {Bench} bench */
function endHere(bench) {
  const { selection, shown, facts } = bench;
  /** @type {Operation[]} */
  const operations = [...selection].map((instance) => ({ op: "labels.remove", instance, first: shown + 1, last: facts.last, mark: true }));
  bench.edit(`End ${named(bench, selection)} on frame ${shown}`, operations);
}

/**
 * Not on this frame, which a person said: no run puts it back. Where there is one frame only, that is the object.
 * @param {Bench} bench
 */
function absent(bench) {
  const { selection, shown: frame, facts, store } = bench;
  if (facts.first === facts.last) return deleteWhole(bench);
  const keys = [...selection].filter((key) => store.label(key, frame)?.shape !== null);
  if (!keys.length) {
    bench.say("Marked absent here already.");
    return;
  }
  /** @type {Operation[]} */
  const operations = keys.map((instance) => ({ op: "label.absent", instance, frame }));
  bench.edit(`Delete ${named(bench, keys)} on frame ${frame}`, operations);
}

/** Neither a label nor a mark: runs may write here again. @param {Bench} bench */
function unmark(bench) {
  const { selection, shown: frame, store } = bench;
  const keys = [...selection].filter((key) => store.label(key, frame));
  /** @type {Operation[]} */
  const operations = keys.map((instance) => ({ op: "label.remove", instance, frame }));
  bench.edit(`Leave frame ${frame} of ${named(bench, keys)} open`, operations);
}

/** @param {Bench} bench */
function deleteFromHere(bench) {
  const { selection, shown: first, facts } = bench;
  /** @type {Operation[]} */
  const operations = [...selection].map((instance) => ({ op: "labels.remove", instance, first, last: facts.last, mark: true }));
  bench.edit(`Delete ${named(bench, selection)} from frame ${first} on`, operations);
}

/** @param {Bench} bench */
async function deleteWhole(bench) {
  const instances = chosen(bench);
  const what = named(bench, instances.map(({ key }) => key));
  const count = instances.reduce((sum, { labelled }) => sum + labelled.count, 0);
  if (count > instances.length) {
    const body = [`${what} with labels on ${count} frames. You can undo it.`];
    if ((await askPerson(`Delete ${what}?`, body, [{ value: "yes", text: "Delete", look: "danger" }])) === null) return;
  }
  /** @type {Operation[]} */
  const operations = instances.map(({ key: instance }) => ({ op: "instance.delete", instance }));
  if (bench.edit(`Delete ${what}`, operations)) bench.select([]);
}

/** @param {Bench} bench @returns {true | string} */
function mergeable(bench) {
  const [first, ...others] = chosen(bench);
  if (obstacle(bench)) return obstacle(bench);
  if (!first || !others.length) return "Select the objects to merge: the first one stays.";
  const { shape } = bench.classOf(first);
  return others.every((one) => bench.classOf(one).shape === shape) || "Objects of different shapes cannot be merged.";
}

/** @param {Bench} bench */
function merge(bench) {
  const [first, ...others] = chosen(bench);
  if (!first) return;
  const title = `Merge ${named(bench, others.map(({ key }) => key))} into ${first.name}`;
  if (bench.edit(title, [{ op: "instance.merge", instance: first.key, others: others.map(({ key }) => key) }])) bench.select([first.key]);
}

/** @param {Bench} bench @returns {true | string} */
function splittable(bench) {
  if (obstacle(bench)) return obstacle(bench);
  const { primary, selection, shown } = bench;
  if (!primary || selection.size > 1) return "Select one object to split.";
  const { first, last } = primary.labelled;
  const inside = first !== null && last !== null && first < shown && shown <= last;
  return inside || `Go to the frame where the second object begins: ${primary.name} has labels before and from there on.`;
}

/** What is from the shown frame on becomes an object of its own. @param {Bench} bench */
function split(bench) {
  const { primary, shown: frame } = bench;
  if (!primary) return;
  const into = bench.editing.newKey();
  if (bench.edit(`Split ${primary.name} at frame ${frame}`, [{ op: "instance.split", instance: primary.key, frame, into }])) bench.select([into]);
}

/** Another class; of another shape, every label is converted. @param {Bench} bench */
async function convert(bench) {
  const instances = chosen(bench);
  const current = new Set(instances.map((one) => one.object_class));
  const options = [...bench.classes.values()]
    .filter((one) => !one.archived && !(current.size === 1 && current.has(one.id)))
    .map((one) => ({ value: String(one.id), text: `${one.name} (${one.shape.replaceAll("_", " ")})` }));
  if (!options.length) {
    bench.say("There is no other class.", "warn");
    return;
  }
  const what = named(bench, instances.map(({ key }) => key));
  const answer = await askOne(`Change the class of ${what}`, {
    label: "Class", options, button: "Change", note: "Of another shape, the labels on all frames are converted.",
  });
  const wanted = answer === null ? undefined : bench.classes.get(Number(answer));
  if (!wanted) return;
  /** @type {Operation[]} */
  const operations = instances.filter((one) => one.object_class !== wanted.id).map((one) => {
    const same = bench.classOf(one).shape === wanted.shape || one.labelled.count === 0;
    return { op: same ? "instance.change" : "instance.convert", instance: one.key, object_class: wanted.id };
  });
  bench.edit(`Change ${what} to ${wanted.name}`, operations);
}

/** @param {Label[]} labels */
function keysOf(labels) {
  return labels.map(({ instance }) => instance);
}
