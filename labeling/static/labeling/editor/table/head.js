// @ts-check
// Above the table: the filter, how many objects there are, and the names of the columns.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { GRAMMAR } from "./filter.js";

/** @typedef {import("./order.js").Order} Order */
/** @typedef {import("./sorting.js").Column} Column */

/** @typedef {import("../../shared/icons.js").IconName} IconName */

/**
 * Columns in their order: those without a name are not sorted by; some are headed by an icon where there is little room.
 * @type {[Column | null, string, string, IconName?][]}
 */
const COLUMNS = [
  [null, "Shown", "object-eye"], [null, "Locked", "object-lock"], ["name", "Object", "object-head"], ["here", "Here", "object-here", "pin"],
  ["score", "Score", "", "low"], ["review", "Review", "object-review", "flag"], ["shape", "Shape", "object-shape", "polygon"],
  ["made", "Made", "object-made", "history"], ["frames", "Frames", "object-frames", "layers"], [null, "Menu", "object-more"],
];
export const COLUMN_COUNT = COLUMNS.length;
const TYPING_MS = 120;

/** The filter, the switch for objects of this frame, and the count. @param {Order} order */
export function filterLine(order) {
  const field = make("input", {
    type: "search", id: "object-filter", placeholder: "Filter: name, class:car, here", "aria-label": "Filter objects", title: GRAMMAR,
    autocomplete: "off", spellcheck: "false",
  });
  const here = make("button", { type: "button", class: "small", id: "only-here", "aria-pressed": "false", title: "Only objects with a label on this frame" }, "Here");
  const count = make("span", { class: "small muted nowrap", id: "object-count", role: "status" });
  /** @type {number | undefined} */
  let timer;
  const apply = () => {
    clearTimeout(timer);
    here.setAttribute("aria-pressed", String(/(^|\s)here(\s|$)/i.test(field.value)));
    order.filter(field.value);
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, TYPING_MS);
  });
  field.addEventListener("search", apply);
  here.addEventListener("click", () => {
    const without = field.value.replace(/(^|\s)here(?=\s|$)/gi, " ").trim();
    field.value = here.getAttribute("aria-pressed") === "true" ? without : `${without} here`.trim();
    apply();
  });
  return { element: make("div", { class: "object-filter" }, field, here, count), field, count, apply };
}

/** The row of column names, whose buttons sort. @param {Order} order */
export function columnNames(order) {
  /** @type {Map<Column, {cell: HTMLElement, sign: HTMLElement}>} */
  const sorted = new Map();
  const cells = COLUMNS.map(([column, title, kind, sign]) => {
    const cell = make("th", { scope: "col", class: kind });
    if (column === null) {
      cell.append(make("span", { class: "unseen" }, title));
      return cell;
    }
    const way = make("span", { class: "sort-sign" });
    const name = make("span", sign ? { class: "roomy" } : {}, title);
    const narrow = sign ? [make("span", { class: "narrow", "aria-hidden": "true" }, icon(sign))] : [];
    const button = make("button", { type: "button", class: "quiet small", title: `Sort by ${title.toLowerCase()}` }, name, ...narrow, way);
    button.addEventListener("click", () => order.sort(column));
    cell.append(button);
    sorted.set(column, { cell, sign: way });
    return cell;
  });
  const show = () => {
    const { column: by, down } = order.sorting;
    for (const [column, { cell, sign }] of sorted) {
      cell.setAttribute("aria-sort", column !== by ? "none" : down ? "descending" : "ascending");
      sign.replaceChildren(...(column === by ? [icon(down ? "sort-down" : "sort-up")] : []));
    }
  };
  show();
  return { element: make("thead", {}, make("tr", { "aria-rowindex": "1" }, ...cells)), show };
}
