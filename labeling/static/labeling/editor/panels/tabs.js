// @ts-check
// The panels on the right: one is shown at a time, chosen by its tab. Arrow keys go from tab to tab.

/** Show the panel of the tab that is pressed. */
export function offerTabs() {
  const tabs = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.tabs [role="tab"]')]);
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => choose(tabs, tab));
    tab.addEventListener("keydown", (event) => {
      const to = target(event.key, index, tabs.length);
      if (to === null) return;
      event.preventDefault();
      tabs[to]?.click();
      tabs[to]?.focus();
    });
  });
}

/**
 * @param {HTMLElement[]} tabs
 * @param {HTMLElement} chosen
 */
function choose(tabs, chosen) {
  for (const tab of tabs) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !on;
  }
}

/**
 * @param {string} key
 * @param {number} index
 * @param {number} count
 * @returns {number | null}
 */
function target(key, index, count) {
  if (key === "ArrowRight") return (index + 1) % count;
  if (key === "ArrowLeft") return (index + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
