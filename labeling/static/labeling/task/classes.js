// @ts-check
// The tools and the classes on the left.

import { byId } from "../shared/dom.js";

/** @typedef {import("./bench.js").Bench} Bench */

/** @param {Bench} bench */
export function offerClasses(bench) {
  const buttons = [...document.querySelectorAll("[data-class]")];
  for (const button of buttons) {
    const chosen = bench.classes.get(Number(button.getAttribute("data-class")));
    if (chosen) button.addEventListener("click", () => bench.useClass(chosen));
  }
  byId("tool-select").addEventListener("click", () => bench.use("select"));
  byId("tool-draw").addEventListener("click", () => bench.use("draw"));
  const show = () => {
    byId("tool-select").setAttribute("aria-pressed", String(bench.tool === "select"));
    byId("tool-draw").setAttribute("aria-pressed", String(bench.tool === "draw"));
    for (const button of buttons) {
      const drawn = Number(button.getAttribute("data-class")) === bench.classId;
      button.setAttribute("aria-pressed", String(drawn));
    }
  };
  bench.on(["tool"], show);
  show();
}
