// @ts-check
// All that can be done, with the keys that do it: made from the one table of actions.

import { byId, make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { chordText } from "../actions/chords.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */

/** What the pointer does; keys say the rest. @type {[string, string][]} */
const GESTURES = [
  ["Wheel, pinch", "Zoom to the pointer"],
  ["Middle button, or Space and drag", "Pan"],
  ["Two fingers on a trackpad", "Pan"],
  ["Click", "Select; with a drawing tool: a point, or a corner"],
  ["Shift+click", "Select too, or no longer"],
  ["Drag a shape or a handle", "Move, resize, rotate"],
  ["Right click", "Menu of what is under the pointer"],
  ["SAM mode: click, right click or Alt+click", "Include, exclude while a draft is open"],
  ["SAM mode: drag; middle click", "A box around the object, or around several; save"],
  ["Row: double click", "Go to the object and zoom to it"],
  ["Timeline: drag", "Choose frames"],
];

/** Headings in their order; others follow as they come. */
const ORDER = ["Frames", "Tools", "Classes", "Objects", "Attributes", "Review", "View", "Page"];

/** @param {Bench} bench */
export function showHelp(bench) {
  const help = new Help(bench);
  bench.actions.add({ id: "page.help", title: "Help: all keys", group: "Page", keys: ["Shift+Slash", "F1"], run: () => help.open() });
  const button = make("button", { type: "button", class: "quiet icon", id: "show-help", "aria-label": "Help: all keys", "aria-haspopup": "dialog" }, icon("help"));
  button.addEventListener("click", () => help.open());
  const hint = () => (button.title = bench.actions.hint("page.help"));
  bench.on(["preferences"], hint);
  hint();
  byId("header-actions").prepend(button);
}

/** Actions by heading, in the order of the headings. @param {Action[]} actions @returns {[string, Action[]][]} */
export function byGroup(actions) {
  /** @type {Map<string, Action[]>} */
  const groups = new Map(ORDER.map((group) => [group, []]));
  for (const one of actions) {
    if (!groups.has(one.group)) groups.set(one.group, []);
    groups.get(one.group)?.push(one);
  }
  return [...groups].filter(([, list]) => list.length);
}

class Help {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.field = make("input", { type: "text", role: "searchbox", id: "help-search", placeholder: "Search", "aria-label": "Search the help", autocomplete: "off" });
    this.list = make("div", { class: "help-list", tabindex: "0", role: "region", "aria-label": "Keys" });
    this.none = make("p", { class: "muted", hidden: true }, "Nothing is called so.");
    const close = make("button", { type: "button", class: "quiet icon", "aria-label": "Close" }, icon("close"));
    this.dialog = make(
      "dialog", { id: "help", class: "help", "aria-labelledby": "help-heading" },
      make("div", { class: "dialog-head" }, make("h2", { id: "help-heading" }, "Keys"), this.field, close),
      this.list,
    );
    close.addEventListener("click", () => this.dialog.close());
    this.field.addEventListener("input", () => this.show());
    document.body.append(this.dialog);
  }

  open() {
    this.field.value = "";
    this.show();
    this.dialog.showModal();
    this.field.focus();
  }

  show() {
    const words = this.field.value.trim().toLowerCase();
    const { actions } = this.bench;
    const rows = actions.all().map((action) => ({ action, chords: actions.chordsOf(action.id).map((one) => chordText(one)) }));
    const fits = (/** @type {string} */ text) => text.toLowerCase().includes(words);
    const wanted = new Map(rows.filter(({ action, chords }) => fits(`${action.title} ${action.group} ${chords.join(" ")}`)).map((one) => [one.action, one.chords]));
    const groups = byGroup([...wanted.keys()]).map(([title, list]) => section(title, list.map((action) => line(action.title, wanted.get(action) ?? []))));
    const pointed = GESTURES.filter(([gesture, does]) => fits(`${gesture} ${does} pointer mouse`)).map(([gesture, does]) => line(does, [gesture]));
    if (pointed.length) groups.push(section("Pointer", pointed));
    this.none.hidden = groups.length > 0;
    this.list.replaceChildren(...groups, this.none);
  }
}

/** @param {string} title @param {HTMLElement[]} lines */
function section(title, lines) {
  return make("section", {}, make("h3", {}, title), make("dl", {}, ...lines));
}

/** @param {string} title @param {string[]} chords */
function line(title, chords) {
  const keys = chords.length ? chords.map((one) => make("kbd", {}, one)) : [make("span", { class: "muted small" }, "menu")];
  return make("div", {}, make("dt", {}, title), make("dd", {}, ...keys));
}
