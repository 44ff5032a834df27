// @ts-check
// The page's colours: those of the system, or light or dark whatever the system says.

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} bench */
export function followTheme(bench) {
  const root = document.documentElement;
  const show = () => {
    const theme = bench.preferences.get("theme");
    if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
    else delete root.dataset["theme"];
  };
  bench.on(["preferences"], show);
  show();
}
