// @ts-check
// Which keys do what: press to set, with a word on what the key did before.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { chordOf, chordText, normal, refusalOf } from "../actions/chords.js";
import { byGroup } from "../panels/help.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */

export class KeyTable {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {string | null} the action whose next key is waited for */
    this.waiting = null;
    this.field = make("input", { type: "search", id: "keys-search", placeholder: "Find an action or a key", "aria-label": "Find an action or a key", autocomplete: "off" });
    this.field.addEventListener("input", () => this.show());
    this.said = make("p", { class: "small keys-said", role: "status" });
    this.body = make("div", { class: "keys-list" });
    const reset = make("button", { type: "button", class: "small", id: "keys-reset" }, "Reset all keys");
    reset.addEventListener("click", () => this.resetAll());
    this.element = make("div", { class: "stack tight" }, make("div", { class: "actions" }, this.field, reset), this.said, this.body);
    this.element.addEventListener("keydown", (event) => this.key(event), true);
  }

  show() {
    const words = this.field.value.trim().toLowerCase();
    const { actions } = this.bench;
    const fits = (/** @type {Action} */ one) => `${one.title} ${one.group} ${this.chords(one.id).map((chord) => chordText(chord)).join(" ")}`.toLowerCase().includes(words);
    const groups = byGroup(actions.all().filter(fits));
    this.body.replaceChildren(...groups.map(([title, list]) => make(
      "table", { class: "keys" }, make("caption", {}, title),
      make("tbody", {}, ...list.map((one) => this.row(one))),
    )));
  }

  /** @param {string} id */
  chords(id) {
    return this.bench.actions.chordsOf(id);
  }

  /** @param {Action} action */
  row(action) {
    const { id, title } = action;
    const waiting = this.waiting === id;
    const chords = this.chords(id);
    const own = id in this.bench.preferences.get("keys");
    const taken = chords.map((chord) => {
      const remove = make("button", { type: "button", class: "quiet key-remove", "data-remove": chord, "aria-label": `Take ${chordText(chord)} from ${title}`, title: "Take this key away" }, make("kbd", {}, chordText(chord)), icon("close"));
      remove.addEventListener("click", () => this.put(id, chords.filter((one) => one !== chord)));
      return remove;
    });
    const set = make("button", { type: "button", class: `small ${waiting ? "primary" : ""}`, "data-set": id, "aria-label": waiting ? `Press a key for ${title}` : `Set a key for ${title}` }, waiting ? "Press a key…" : "Set");
    set.addEventListener("click", () => this.wait(waiting ? null : id));
    const reset = make("button", { type: "button", class: "quiet icon small", "data-reset": id, "aria-label": `Reset ${title}`, title: "As it came" }, icon("undo"));
    reset.hidden = !own;
    reset.addEventListener("click", () => this.reset(id));
    return make("tr", { "data-action": id }, make("th", { scope: "row" }, title), make("td", { class: "key-chords" }, ...taken), make("td", { class: "key-tools" }, set, reset));
  }

  /** @param {string | null} id */
  wait(id) {
    this.waiting = id;
    this.say(id === null ? "" : "Press the key, with Ctrl, Alt or Shift if you like. Esc leaves it as it is.");
    this.showAt(id ?? this.focused());
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const id = this.waiting;
    if (id === null) return;
    event.preventDefault();
    event.stopPropagation();
    const chord = chordOf(event);
    if (chord === null) return;
    if (chord === "Escape") {
      this.waiting = null;
      this.say("Nothing was changed.");
      this.showAt(id);
      return;
    }
    this.take(id, normal(chord));
  }

  /** @param {string} id @param {string} chord */
  take(id, chord) {
    const refusal = refusalOf(chord);
    if (refusal) {
      this.say(refusal, true);
      return;
    }
    const others = this.bench.actions.conflicts(id, chord);
    this.waiting = null;
    if (!others.length) {
      this.put(id, [...new Set([...this.chords(id), chord])]);
      this.say(`${chordText(chord)} now does: ${this.title(id)}.`);
      return;
    }
    this.ask(id, chord, others);
  }

  /** The key does something already: who keeps it? @param {string} id @param {string} chord @param {Action[]} others */
  ask(id, chord, others) {
    const names = others.map((one) => `“${one.title}”`).join(" and ");
    const take = make("button", { type: "button", class: "small", id: "key-take" }, `Take it from ${others.length > 1 ? "them" : "it"}`);
    const leave = make("button", { type: "button", class: "small", id: "key-leave" }, "Leave it");
    take.addEventListener("click", () => {
      const keys = { ...this.bench.preferences.get("keys") };
      for (const one of others) keys[one.id] = this.chords(one.id).filter((had) => had !== chord);
      keys[id] = [...new Set([...this.chords(id), chord])];
      this.save(keys, id);
      this.say(`${chordText(chord)} now does: ${this.title(id)}, and no longer ${names}.`);
    });
    leave.addEventListener("click", () => {
      this.say("Nothing was changed.");
      this.showAt(id);
    });
    this.showAt(id);
    this.said.className = "small keys-said warn";
    this.said.replaceChildren(`${chordText(chord)} does ${names} already. `, take, " ", leave);
    take.focus();
  }

  /** @param {string} id */
  title(id) {
    return this.bench.actions.get(id)?.title ?? id;
  }

  /** @param {string} id @param {string[]} chords */
  put(id, chords) {
    this.save({ ...this.bench.preferences.get("keys"), [id]: chords }, id);
  }

  /** @param {string} id */
  reset(id) {
    const { [id]: _mine, ...rest } = this.bench.preferences.get("keys");
    const back = (this.bench.actions.get(id)?.keys ?? []).map(normal);
    this.save(rest, id);
    const met = back.flatMap((chord) => this.bench.actions.conflicts(id, chord).filter((one) => one.id in rest));
    this.say(met.length ? `“${met[0]?.title}” has one of its keys too.` : "");
  }

  resetAll() {
    this.save({}, null);
    this.say("All keys are as they came.");
  }

  /** @param {Record<string, string[]>} keys @param {string | null} id */
  save(keys, id) {
    this.bench.preferences.set("keys", keys);
    this.showAt(id);
  }

  /** @param {string} sentence @param {boolean} [bad] */
  say(sentence, bad = false) {
    this.said.className = `small keys-said ${bad ? "warn" : ""}`;
    this.said.replaceChildren(sentence);
  }

  focused() {
    return document.activeElement?.closest("[data-action]")?.getAttribute("data-action") ?? null;
  }

  /** Show all anew, with the focus on the row it was on. @param {string | null} id */
  showAt(id) {
    this.show();
    if (id !== null) /** @type {HTMLElement | null} */ (this.body.querySelector(`[data-set="${CSS.escape(id)}"]`))?.focus();
  }
}
