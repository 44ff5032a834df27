// @ts-check
// Copying labels to other frames: by copy and paste, to the next frame, over many frames, from the frame before.

import { bounds, move } from "../geometry/shapes.js";
import { askNumber } from "./dialogs.js";
import { chosen, named, obstacle, shapedHere } from "./objects.js";
import { OPERATIONS_MAX } from "./permits.js";
import { WINDOW } from "./store.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {{label: Label, objectClass: number}} Copied */

/** A copy on the same frame lies so many pixels beside what was copied. */
const BESIDE = 12;
const FRAMES = 10;

/** @param {Bench} bench */
export function offerClipboard(bench) {
  /** @type {Copied[]} */
  let copied = [];
  /** @type {import("../types.js").Action["menus"]} */
  const menus = ["object"];
  const group = "Objects";
  const submenu = "Copy and paste";
  const here = () => bench.selection.size > 0 && (shapedHere(bench).length > 0 || "None of the selected objects is on this frame.");
  const may = () => obstacle(bench) || shapedHere(bench).length > 0 || "None of the selected objects is on this frame.";
  const mayGoOn = () => (bench.shown < bench.facts.last ? may() : "This is the last frame.");
  const mayPaste = () => (!bench.facts.mayEdit ? bench.facts.barrier || "You may look here, not change." : copied.length > 0 || "Nothing is copied.");
  bench.actions.add(
    { id: "label.copy", title: "Copy", group, menus, submenu, keys: ["Mod+KeyC"], when: here, run: () => { copied = copy(bench); } },
    { id: "label.paste", title: "Paste", group, menus: ["object", "canvas"], submenu, keys: ["Mod+KeyV"], when: mayPaste, run: () => paste(bench, copied) },
    { id: "label.copy-next", title: "Copy to the next frame", group, menus, submenu, keys: ["Mod+KeyB"], repeats: true, when: mayGoOn, run: () => copyToNext(bench) },
    { id: "label.repeat", title: "Repeat on the next frames…", group, menus, submenu, when: mayGoOn, run: () => repeat(bench) },
    {
      id: "label.copy-before", title: "Copy from the frame before", group, menus, submenu, keys: ["Mod+Shift+KeyB"],
      when: () => obstacle(bench) || bench.shown > bench.facts.first || "This is the first frame.", run: () => copyFromBefore(bench),
    },
  );
}

/** @param {Bench} bench @returns {Copied[]} */
function copy(bench) {
  const labels = shapedHere(bench);
  bench.say(`Copied ${named(bench, labels.map(({ instance }) => instance))}.`);
  return labels.map((label) => ({ label, objectClass: bench.store.instances.get(label.instance)?.object_class ?? 0 }));
}

/**
 * On another frame the same objects get the labels; where they have one, and on the same frame, new objects do.
 * @param {Bench} bench @param {Copied[]} copied
 */
function paste(bench, copied) {
  /** @type {Operation[]} */
  const operations = [];
  /** @type {Key[]} */
  const keys = [];
  for (const { label, objectClass } of copied) {
    const { instance: from } = label;
    const free = bench.store.instances.has(from) && !bench.store.label(from, bench.shown)?.shape && !bench.locked.has(from);
    const instance = free ? from : bench.editing.newKey();
    if (!free) operations.push({ op: "instance.create", instance, object_class: objectClass });
    const shape = !free && label.frame === bench.shown ? beside(bench, label, objectClass) : label.shape;
    operations.push(putOn(label, bench.shown, instance, shape));
    keys.push(instance);
  }
  const what = keys.length === 1 ? (bench.store.instances.get(copied[0]?.label.instance ?? "")?.name ?? "an object") : `${keys.length} objects`;
  if (bench.edit(`Paste ${what}`, operations)) bench.select(keys);
}

/** The shape a little beside itself, inside the frame. @param {Bench} bench @param {Label} label @param {number} objectClass */
function beside(bench, { shape, frame }, objectClass) {
  const kind = bench.classOf({ object_class: objectClass }).shape;
  const [across, high] = bench.sizeOf(frame);
  const { left, top, width, height } = bounds(kind, shape);
  const right = left + width + BESIDE <= across ? BESIDE : -BESIDE;
  const down = top + height + BESIDE <= high ? BESIDE : -BESIDE;
  return move(kind, shape, [right, down], { width: across, height: high });
}

/** @param {Label} label @param {number} frame @param {Key} instance @param {any} shape @returns {Operation} */
function putOn({ z_order, occluded, instance: own, shape: ownShape }, frame, instance = own, shape = ownShape) {
  return { op: "label.put", instance, frame, shape, z_order, occluded };
}

/** @param {Bench} bench */
async function copyToNext(bench) {
  const labels = shapedHere(bench);
  const next = bench.shown + 1;
  await bench.sync.need(next);
  if (bench.edit(`Copy ${whatOf(bench, labels)} to frame ${next}`, labels.map((label) => putOn(label, next)))) bench.go(next);
}

/** The same shapes on many frames; what people did there stays. @param {Bench} bench */
async function repeat(bench) {
  const labels = shapedHere(bench);
  const { shown, facts } = bench;
  const most = Math.min(facts.last - shown, Math.floor(OPERATIONS_MAX / labels.length));
  const count = await askNumber(`Repeat ${whatOf(bench, labels)}`, {
    label: "On so many next frames", note: "Labels and absent marks by people stay as they are.",
    first: 1, last: most, value: Math.min(FRAMES, most), button: "Repeat",
  });
  if (count === null || !Number.isInteger(count)) return;
  for (let frame = shown; frame <= shown + count; frame += WINDOW) await bench.sync.need(frame);
  await bench.sync.need(shown + count);
  const frames = Array.from({ length: count }, (_, at) => shown + 1 + at);
  const operations = labels.flatMap((label) =>
    frames.filter((frame) => !bench.store.label(label.instance, frame)?.protected).map((frame) => putOn(label, frame)),
  );
  if (operations.length) bench.edit(`Repeat ${whatOf(bench, labels)} to frame ${shown + count}`, operations);
  else bench.say("People labelled all of these frames already.");
}

/** The nearest label before this frame, for each selected object. @param {Bench} bench */
async function copyFromBefore(bench) {
  const { shown } = bench;
  await bench.sync.need(shown - 1);
  const labels = chosen(bench).flatMap(({ key }) => bench.store.over.labelsOf(key, 0, shown - 1).filter(({ shape }) => shape !== null).at(-1) ?? []);
  if (labels.length) bench.edit(`Copy ${whatOf(bench, labels)} from frame ${labels[0]?.frame}`, labels.map((label) => putOn(label, shown)));
  else bench.say("There is no label on the frames before.", "warn");
}

/** @param {Bench} bench @param {Label[]} labels */
function whatOf(bench, labels) {
  return named(bench, labels.map(({ instance }) => instance));
}
