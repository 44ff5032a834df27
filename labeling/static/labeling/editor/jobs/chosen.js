// @ts-check
// The objects that a run is for: those that are selected, listed with all others to choose from.

import { make, swatch } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Instance} Instance */

/** Rows that are listed; more are found by their name. */
const MOST = 200;

export class Chosen {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.count = make("span", { class: "small muted", id: "track-chosen" });
    this.find = make("input", { type: "search", id: "track-find", placeholder: "Find by name", "aria-label": "Find objects by name", hidden: true });
    this.rows = make("div", { class: "chosen-rows", id: "track-objects", role: "group", "aria-label": "Objects of the run" });
    const all = this.button("track-all", "All", () => this.found().map((one) => one.key));
    const none = this.button("track-none", "None", () => []);
    this.element = make(
      "div", { class: "chosen" },
      make("div", { class: "actions" }, make("span", { class: "label" }, "Objects"), this.count, all, none),
      this.find,
      this.rows,
    );
    this.find.addEventListener("input", (event) => {
      event.stopPropagation();
      this.list();
    });
    this.find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    this.rows.addEventListener("change", (event) => {
      event.stopPropagation();
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      bench.toggle(value);
    });
    bench.on(["instances"], () => this.list());
    bench.on(["selection"], () => this.mark());
    this.list();
  }

  /** @param {string} id @param {string} text @param {() => Iterable<string>} keys */
  button(id, text, keys) {
    const made = make("button", { type: "button", class: "small quiet", id }, text);
    made.addEventListener("click", () => this.bench.select(keys()));
    return made;
  }

  /** @returns {Instance[]} */
  found() {
    const wanted = this.find.value.trim().toLowerCase();
    return [...this.bench.store.instances.values()]
      .filter((one) => one.name.toLowerCase().includes(wanted))
      .sort((a, b) => a.number - b.number);
  }

  list() {
    const found = this.found();
    this.find.hidden = this.bench.store.instances.size <= 12;
    // Runs change what is listed while somebody goes through it by keys.
    const { activeElement: focused } = document;
    const at = focused instanceof HTMLInputElement && this.rows.contains(focused) ? focused.value : null;
    this.rows.replaceChildren(...found.slice(0, MOST).map((one) => this.row(one)));
    for (const box of this.rows.querySelectorAll("input")) if (box.value === at) box.focus();
    if (found.length > MOST) this.rows.append(make("p", { class: "small muted" }, `${found.length - MOST} more: find them by name.`));
    this.mark();
  }

  /** @param {Instance} instance */
  row(instance) {
    const box = make("input", { type: "checkbox", value: instance.key });
    const { first, last } = instance.labelled;
    const where = first === null ? "no label" : first === last ? `frame ${first}` : `${first} to ${last}`;
    const color = swatch(this.bench.classOf(instance).color);
    return make("label", { class: "chosen-row" }, box, color, make("span", { class: "name" }, instance.name), make("span", { class: "small muted" }, where));
  }

  mark() {
    const { selection, store } = this.bench;
    for (const box of this.rows.querySelectorAll("input")) box.checked = selection.has(box.value);
    const chosen = [...selection].filter((key) => store.instances.has(key)).length;
    this.count.textContent = `${chosen} of ${store.instances.size} chosen`;
  }
}
