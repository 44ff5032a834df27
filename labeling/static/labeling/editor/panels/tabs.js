// @ts-check
// The tabs on the right: one tab stop, arrows walk, the last one is remembered.

import { offerWidth } from "./width.js";

/** @typedef {import("../bench.js").Bench} Bench */

const PLACE = "labelyard.tab";

/** @param {Bench} bench */
export function offerTabs(bench) {
  offerWidth();
  const tabs = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll('.right [role="tab"]')]);
  /** @param {HTMLElement} chosen @param {boolean} [focus] */
  const choose = (chosen, focus = false) => {
    for (const tab of tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = !on;
    }
    if (focus) chosen.focus();
    remember(chosen.id);
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.code];
      const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
      if (!next) return;
      event.preventDefault();
      // A click tells the room of the panel too.
      next.click();
      next.focus();
    });
    bench.actions.add({
      id: `panel.${tab.id.slice("tab-".length)}`, title: `Panel: ${tab.textContent?.trim()}`, group: "Page", keys: [`Alt+Digit${index + 1}`],
      run: () => {
        tab.click();
        tab.focus();
      },
    });
  });
  const before = tabs.find((tab) => tab.id === remembered()) ?? tabs[0];
  if (before) before.click();
}

/** @param {string} id */
function remember(id) {
  try {
    localStorage.setItem(PLACE, id);
  } catch {
    // Not remembered then.
  }
}

/** @returns {string | null} */
function remembered() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}
