// @ts-check
// What can be done with objects as a whole: see, hide, lock, choose, and give another class.

import { announce, byId } from "../../shared/dom.js";
import { rowOf, rowText } from "./facts.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** @param {Bench} bench */
export function offerObjects(bench) {
  bench.actions.add(...seen(bench), ...walking(bench), ...classes(bench));
}

/** @param {Bench} bench */
function chosen(bench) {
  return bench.selection.size > 0 || "Select an object.";
}

/** Put keys in a set, or out of it when all are in. @param {Bench} bench @param {Set<Key>} set @param {Iterable<Key>} keys */
export function turn(bench, set, keys) {
  const all = [...keys];
  const out = all.every((key) => set.has(key));
  for (const key of all) {
    if (out) set.delete(key);
    else set.add(key);
  }
  bench.tell("visible");
}

/** @param {Bench} bench @returns {Action[]} */
function seen(bench) {
  return [
    {
      id: "object.hide", title: "Hide or show", group: "Objects", keys: ["KeyH"], menus: ["object"], when: chosen,
      run: () => turn(bench, bench.hidden, bench.selection),
    },
    {
      id: "object.lock", title: "Lock or unlock", group: "Objects", keys: ["KeyL"], menus: ["object"], when: chosen,
      run: () => turn(bench, bench.locked, bench.selection),
    },
    {
      id: "object.hide-others", title: "Hide all others", group: "Objects", keys: ["Shift+Alt+KeyH"], menus: ["object"], submenu: "Show and hide", when: chosen,
      run: () => {
        bench.hidden = new Set([...bench.store.instances.keys()].filter((key) => !bench.selection.has(key)));
        bench.tell("visible");
      },
    },
    {
      id: "object.show-all", title: "Show all objects", group: "Objects", keys: ["Alt+KeyH"], menus: ["object", "canvas"], submenu: "Show and hide",
      when: () => bench.hidden.size > 0 || "No object is hidden.",
      run: () => {
        bench.hidden.clear();
        bench.tell("visible");
      },
    },
    {
      id: "object.select-all", title: "Select all objects of the table", group: "Objects", keys: ["Mod+KeyA"], menus: ["canvas"],
      when: () => bench.tableOrder.length > 0 || "The table shows no object.", run: () => bench.select(bench.tableOrder),
    },
  ];
}

/**
 * Next and previous object: those of this frame that can be seen, in the order of the table. At the end there is
 * none, and Tab moves on through the page as it does elsewhere.
 * @param {Bench} bench
 * @returns {Action[]}
 */
function walking(bench) {
  const next = (/** @type {1 | -1} */ by) => {
    const { store, shown, hidden, primary } = bench;
    const order = bench.tableOrder.filter((key) => !hidden.has(key) && store.label(key, shown)?.shape);
    const at = primary ? order.indexOf(primary.key) : -1;
    return at < 0 ? order.at(by > 0 ? 0 : -1) : order[at + by];
  };
  const go = (/** @type {1 | -1} */ by) => {
    const key = next(by);
    if (key === undefined) return;
    bench.select([key]);
    const row = rowOf(bench, key);
    if (row) announce(byId("said", HTMLElement), rowText(row));
  };
  return [
    { id: "objects.next", title: "Next object (with the frame focused)", group: "Objects", keys: ["Tab"], repeats: true, when: () => next(1) !== undefined, run: () => go(1) },
    { id: "objects.previous", title: "Previous object (with the frame focused)", group: "Objects", keys: ["Shift+Tab"], repeats: true, when: () => next(-1) !== undefined, run: () => go(-1) },
  ];
}

/** @param {Bench} bench @returns {Action[]} */
function classes(bench) {
  const known = bench.facts.classes.filter((one) => !one.archived);
  return DIGITS.flatMap((digit) => {
    const one = known[digit - 1];
    if (!one) return [];
    /** @type {Action[]} */
    const both = [
      { id: `class.${digit}`, title: `Draw ${one.name}`, group: "Classes", keys: [`Digit${digit}`], when: () => bench.facts.mayEdit || bench.facts.barrier, run: () => bench.useClass(one.id) },
      {
        id: `object.class-${digit}`, title: `Make what is selected ${one.name}`, group: "Classes", keys: [`Shift+Digit${digit}`],
        when: () => changeable(bench), run: () => changeClass(bench, one),
      },
    ];
    return both;
  });
}

/** @param {Bench} bench */
function changeable(bench) {
  if (!bench.facts.mayEdit) return bench.facts.barrier;
  return chosen(bench);
}

/** Why an object cannot have this class; empty when it can. @param {Bench} bench @param {Key} key @param {ObjectClass} to */
function obstacle(bench, key, to) {
  const instance = bench.store.instances.get(key);
  if (!instance) return "The object is gone.";
  if (bench.locked.has(key)) return `${instance.name} is locked.`;
  const { shape } = bench.classOf(instance);
  return shape === to.shape || !instance.labelled.count ? "" : `${instance.name} has another shape: choose “Change class…” to convert its labels.`;
}

/** @param {Bench} bench @param {ObjectClass} to */
export function changeClass(bench, to) {
  const changed = [...bench.selection].filter((key) => bench.store.instances.get(key)?.object_class !== to.id);
  const stuck = changed.map((key) => obstacle(bench, key, to)).find(Boolean);
  if (stuck) {
    bench.say(stuck, "warn");
    return;
  }
  if (!changed.length) return;
  const name = bench.selection.size === 1 ? bench.primary?.name : `${changed.length} objects`;
  bench.edit(`Make ${name} ${to.name}`, changed.map((instance) => ({ op: "instance.change", instance, object_class: to.id })));
}
