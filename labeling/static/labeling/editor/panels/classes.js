// @ts-check
// The classes: which one new objects get.

import { make, swatch } from "../../shared/dom.js";
import { icon, SHAPE_ICONS } from "../../shared/icons.js";
import { chordText } from "../actions/chords.js";
import { rowTools } from "../sam/rowtools.js";
import { Sparkles } from "../sam/sparkles.js";
import { SHAPE_WORDS } from "../table/facts.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */

/** From so many classes on they can be searched. */
const MANY = 10;

/** @param {Bench} bench @param {HTMLElement} place */
export function showClasses(bench, place) {
  const classes = bench.facts.classes.filter((one) => !one.archived);
  if (!classes.length) {
    place.append(make("h2", {}, "Classes"), make("p", { class: "small muted" }, "The ontology of this project has no classes yet."));
    return;
  }
  /** @type {Map<number, {button: HTMLButtonElement, key: HTMLElement}>} */
  const buttons = new Map();
  const sparkles = new Sparkles(bench);
  const list = make("ul", { class: "classes" });
  classes.forEach((one) => {
    const key = make("kbd", { "aria-hidden": "true" });
    const button = make("button", { type: "button", class: "class", "data-class": String(one.id) }, swatch(one.color), make("span", { class: "class-name" }, one.name), icon(SHAPE_ICONS[one.shape]), key);
    button.addEventListener("click", () => bench.useClass(one.id));
    buttons.set(one.id, { button, key });
    const tools = rowTools(bench, one, sparkles);
    list.append(make("li", {}, button, ...tools.elements));
    bench.on(["tool", "class"], tools.show);
    tools.show();
  });
  place.append(make("h2", {}, "Classes"), ...(classes.length >= MANY ? [searchIn(classes, buttons)] : []), list);
  const show = () => classes.forEach((one, index) => fill(bench, one, index, buttons));
  bench.on(["class", "preferences"], show);
  show();
}

/** @param {Bench} bench @param {ObjectClass} one @param {number} index @param {Map<number, {button: HTMLButtonElement, key: HTMLElement}>} buttons */
function fill(bench, one, index, buttons) {
  const made = buttons.get(one.id);
  if (!made) return;
  const { button, key } = made;
  const [chord] = index < 9 ? bench.actions.chordsOf(`class.${index + 1}`) : [];
  const { mayEdit, barrier } = bench.facts;
  key.textContent = chord === undefined ? "" : chordText(chord);
  key.hidden = chord === undefined;
  button.setAttribute("aria-pressed", String(bench.classId === one.id));
  button.disabled = !mayEdit;
  button.title = mayEdit ? `${one.name}, drawn as ${SHAPE_WORDS[one.shape]}${chord === undefined ? "" : ` (${chordText(chord)})`}` : barrier;
}

/** @param {ObjectClass[]} classes @param {Map<number, {button: HTMLButtonElement}>} buttons */
function searchIn(classes, buttons) {
  const field = make("input", { type: "search", class: "class-search", placeholder: "Find a class", "aria-label": "Find a class", autocomplete: "off" });
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const one of classes) {
      const row = buttons.get(one.id)?.button.parentElement;
      if (row) row.hidden = !one.name.toLowerCase().includes(wanted);
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.code !== "Enter") return;
    const found = classes.find((one) => one.name.toLowerCase().includes(field.value.trim().toLowerCase()));
    if (found) buttons.get(found.id)?.button.click();
  });
  return field;
}
