// @ts-check
// The settings of this person: they hold at once, on all of their machines.

import { byId, make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { COLORS_BY } from "../panels/view.js";
import { checkbox, choice, number, reasons } from "./controls.js";
import { KeyTable } from "./keys.js";
import { followTheme } from "./theme.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./controls.js").Control} Control */

/** @param {Bench} bench */
export function offerSettings(bench) {
  followTheme(bench);
  const settings = new Settings(bench);
  bench.actions.add({ id: "page.settings", title: "Settings", group: "Page", keys: ["Mod+Comma"], run: () => settings.open() });
  const button = make("button", { type: "button", class: "quiet icon", id: "show-settings", "aria-label": "Settings", "aria-haspopup": "dialog" }, icon("settings"));
  button.addEventListener("click", () => settings.open());
  const hint = () => (button.title = bench.actions.hint("page.settings"));
  bench.on(["preferences"], hint);
  hint();
  byId("header-actions").prepend(button);
}

class Settings {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.keys = new KeyTable(bench);
    /** @type {Control[]} */
    this.controls = [];
    const close = make("button", { type: "button", class: "quiet icon", "aria-label": "Close" }, icon("close"));
    close.addEventListener("click", () => this.dialog.close());
    const sections = this.sections();
    this.dialog = make(
      "dialog", { id: "settings", class: "settings", "aria-labelledby": "settings-heading" },
      make("div", { class: "dialog-head" }, make("h2", { id: "settings-heading" }, "Settings"), close),
      this.tabs(sections),
      make("div", { class: "settings-body" }, ...sections.map((one) => one.element)),
    );
    bench.on(["preferences"], () => this.show());
    document.body.append(this.dialog);
  }

  /** @returns {{id: string, title: string, element: HTMLElement}[]} */
  sections() {
    const { preferences, facts } = this.bench;
    const most = Math.max(1, facts.trackingFramesMax);
    const advanced = `SAM 2 instead of the fast tracker. ${facts.advancedBarrier || "Off: the fast tracker, which runs anywhere."}`;
    return [
      this.section("tracking", "Object tracking", [
        number(preferences, "tracking_range", "Tracking range", { least: 1, most, step: 1, help: `Frames that a run from the editor covers, the first one included; at most ${most}.` }),
        checkbox(preferences, "advanced_tracking", "Advanced tracking", advanced),
      ]),
      this.section("saving", "Saving", [
        checkbox(preferences, "autosave", "Save by itself", "Off: changes are kept in this browser until you save."),
        number(preferences, "autosave_seconds", "Seconds to wait before saving", { least: 0.5, most: 10, step: 0.5 }),
      ]),
      this.section("display", "Display", [
        choice(preferences, "theme", "Theme", [["system", "As the system"], ["light", "Light"], ["dark", "Dark"]]),
        choice(preferences, "color_by", "Colour labels by", COLORS_BY),
        checkbox(preferences, "show_names", "Names beside labels"),
        choice(preferences, "wheel", "The wheel over the frame", [["zoom", "Zooms"], ["pan", "Pans; with Ctrl it zooms"]]),
        checkbox(preferences, "snap", "Snap to vertices and edges that are near"),
        number(preferences, "step", "Frames of a step", { least: 1, most: 10_000, step: 1 }),
      ]),
      { id: "keys", title: "Keys", element: make("section", { id: "settings-keys" }, this.keys.element) },
      this.section("review", "Review", [
        number(preferences, "low_confidence", "Low confidence is below", { least: 0, most: 1, step: 0.01 }),
        reasons(preferences, "reject_reasons", "Reasons for rejecting, by their digit"),
      ]),
    ];
  }

  /** @param {string} id @param {string} title @param {Control[]} controls */
  section(id, title, controls) {
    this.controls.push(...controls);
    return { id, title, element: make("section", { id: `settings-${id}`, class: "stack" }, ...controls.map((one) => one.element)) };
  }

  /** @param {{id: string, title: string, element: HTMLElement}[]} sections */
  tabs(sections) {
    const buttons = sections.map(({ id, title, element }) => {
      element.setAttribute("role", "tabpanel");
      element.setAttribute("aria-labelledby", `settings-tab-${id}`);
      return make("button", { type: "button", role: "tab", id: `settings-tab-${id}`, "aria-controls": element.id }, title);
    });
    const choose = (/** @type {number} */ wanted, focus = false) => buttons.forEach((button, index) => {
      const on = index === wanted;
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
      if (on && focus) button.focus();
      const { element } = /** @type {{element: HTMLElement}} */ (sections[index]);
      element.hidden = !on;
    });
    buttons.forEach((button, index) => {
      button.addEventListener("click", () => choose(index));
      button.addEventListener("keydown", (event) => {
        const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: buttons.length - 1 }[event.code];
        if (to === undefined) return;
        event.preventDefault();
        choose((to + buttons.length) % buttons.length, true);
      });
    });
    choose(0);
    return make("div", { class: "tabs", role: "tablist", "aria-label": "Settings" }, ...buttons);
  }

  open() {
    this.keys.show();
    this.show();
    this.dialog.showModal();
  }

  show() {
    for (const one of this.controls) one.show();
  }
}
