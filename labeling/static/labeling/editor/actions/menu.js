// @ts-check
// Context menus, made of the actions that have a place in them.

import { byId } from "../../shared/dom.js";
import { chordText } from "./chords.js";
import { Popup } from "./popup.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("./registry.js").MenuName} MenuName */
/** @typedef {import("./level.js").Entry} Entry */
/** @typedef {import("./level.js").EntryGroup} EntryGroup */
/** @typedef {import("../types.js").Action} Action */
/**
 * What a room says to open a menu: `bench.dispatchEvent(new CustomEvent("menu", {detail}))`.
 * @typedef {object} MenuDetail
 * @property {number} x CSS pixels of the window
 * @property {number} y
 * @property {Key | null} key the object it is about
 * @property {"timeline"} [menu]
 * @property {number} [frame]
 * @property {[number, number]} [point] pixels of the frame
 * @property {HTMLElement} [back] gets the focus when the menu closes
 */

/** @param {Bench} bench */
export function offerMenus(bench) {
  bench.addEventListener("menu", (event) => openMenu(bench, /** @type {CustomEvent<MenuDetail>} */ (event).detail));
  bench.actions.add({
    id: "object.menu", title: "Menu of the selected objects", group: "Objects", keys: ["Shift+F10", "ContextMenu"],
    run: () => openAtSelection(bench),
  });
}

/** @param {Bench} bench @param {MenuDetail} detail */
export function openMenu(bench, detail) {
  const { key } = detail;
  if (key !== null && !bench.selection.has(key)) bench.select([key]);
  const groups = namesOf(detail).flatMap((name) => groupsOf(bench, name));
  if (!groups.length) return;
  bench.actions.context = detail;
  const closed = () => {
    // The entry that was chosen runs after the menu has closed, and may ask where that was.
    setTimeout(() => bench.actions.context === detail && (bench.actions.context = null));
  };
  new Popup({ label: labelOf(bench, detail), groups, x: detail.x, y: detail.y, back: detail.back ?? byId("stage", HTMLElement), closed });
}

/** @param {MenuDetail} detail @returns {MenuName[]} */
function namesOf({ menu, key }) {
  if (menu === "timeline") return key === null ? ["timeline"] : ["timeline", "object"];
  return key === null ? ["canvas"] : ["object"];
}

/** @param {Bench} bench @param {MenuName} name @returns {EntryGroup[]} */
function groupsOf(bench, name) {
  /** @type {Map<string, EntryGroup>} */
  const groups = new Map();
  const shown = bench.actions.inMenu(name);
  for (const { action, available } of shown) {
    const group = groups.get(action.group) ?? { title: action.group, entries: [] };
    groups.set(action.group, group);
    // A menu with one entry is no menu.
    const beside = shown.filter((one) => one.action.submenu === action.submenu).length > 1 ? action.submenu : undefined;
    entriesOf(group.entries, beside).push(entryOf(bench, action, available));
  }
  return [...groups.values()];
}

/** The list that an entry stands in: this one, or that of the menu beside it. @param {Entry[]} entries @param {string | undefined} submenu @returns {Entry[]} */
function entriesOf(entries, submenu) {
  if (submenu === undefined) return entries;
  const known = entries.find((one) => one.title === submenu)?.entries;
  if (known) return known;
  /** @type {Entry[]} */
  const made = [];
  entries.push({ title: submenu, entries: made, run: () => {} });
  return made;
}

/** @param {Bench} bench @param {Action} action @param {true | string | false} available @returns {Entry} */
function entryOf(bench, action, available) {
  const [chord] = bench.actions.chordsOf(action.id);
  return {
    title: bench.actions.titleOf(action.id),
    run: () => bench.actions.run(action.id),
    ...(chord === undefined ? {} : { chord: chordText(chord) }),
    ...(typeof available === "string" ? { reason: available } : {}),
  };
}

/** @param {Bench} bench @param {MenuDetail} detail */
function labelOf(bench, { key, frame }) {
  if (key === null) return frame === undefined ? "Frame" : `Frame ${frame}`;
  if (bench.selection.size > 1) return `${bench.selection.size} objects`;
  return bench.store.instances.get(key)?.name ?? "Object";
}

/** Where a menu opens that was asked for by key: at the element that has the focus, or over the frame. @param {Bench} bench */
function openAtSelection(bench) {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : byId("stage");
  const box = focused.getBoundingClientRect();
  const whole = focused === document.body || focused.id === "stage";
  const [x, y] = whole ? [box.left + box.width / 2, box.top + box.height / 2] : [box.left + 24, box.bottom];
  openMenu(bench, { x, y, key: bench.primary?.key ?? null, back: focused });
}
