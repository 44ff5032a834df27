// @ts-check
// How labels and picture look: kept as preferences.

import { make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../settings/preferences.js").Name} Name */

/** @type {[Name, string, number, number, number][]} name, title, least, most, step; shown in percent */
const SLIDERS = [
  ["opacity", "Opacity", 0, 1, 0.05],
  ["brightness", "Brightness", 0.2, 3, 0.05],
  ["contrast", "Contrast", 0.2, 3, 0.05],
];
export const COLORS_BY = /** @type {const} */ ([["class", "Class"], ["instance", "Object"], ["review", "Review"], ["confidence", "Confidence"]]);
/** @type {Name[]} */
const ALL = ["opacity", "brightness", "contrast", "color_by", "show_names"];
const PLACE = "labelyard.view.open";

/** @param {Bench} bench @param {HTMLElement} place */
export function showView(bench, place) {
  const { preferences } = bench;
  /** @type {(() => void)[]} */
  const shows = [];
  const by = make("select", { id: "color-by" }, ...COLORS_BY.map(([value, title]) => make("option", { value }, title)));
  by.addEventListener("change", () => preferences.set("color_by", by.value));
  const names = make("input", { type: "checkbox", id: "show-names" });
  names.addEventListener("change", () => preferences.set("show_names", names.checked));
  shows.push(() => (by.value = preferences.get("color_by")), () => (names.checked = preferences.get("show_names")));
  const reset = make("button", { type: "button", class: "small", id: "view-reset" }, "Reset");
  reset.addEventListener("click", () => preferences.reset(ALL));
  const details = make(
    "details", { class: "view" },
    make("summary", {}, make("h2", {}, "View")),
    make(
      "div", { class: "stack tight" },
      make("label", { class: "view-line" }, make("span", {}, "Colour by"), by),
      ...SLIDERS.map((one) => slider(bench, one, shows)),
      make("label", { class: "check" }, names, "Names"),
      make("div", {}, reset),
    ),
  );
  rememberOpen(details);
  place.append(details);
  const show = () => shows.forEach((one) => one());
  bench.on(["preferences"], show);
  show();
  bench.actions.add(...actions());
}

/** @param {Bench} bench @param {[Name, string, number, number, number]} one @param {(() => void)[]} shows */
function slider({ preferences }, [name, title, least, most, step], shows) {
  const input = make("input", { type: "range", id: `view-${name}`, min: String(least), max: String(most), step: String(step) });
  const output = make("output", { for: `view-${name}`, class: "small muted" });
  const write = (/** @type {number} */ value) => {
    output.textContent = `${Math.round(value * 100)} %`;
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => preferences.set(name, input.valueAsNumber));
  shows.push(() => {
    const value = Number(preferences.get(name));
    if (input.valueAsNumber !== value) input.value = String(value);
    write(value);
  });
  return make("label", { class: "view-line", for: `view-${name}` }, make("span", {}, title), input, output);
}

/** @param {HTMLDetailsElement} details */
function rememberOpen(details) {
  try {
    details.open = localStorage.getItem(PLACE) !== "no";
    details.addEventListener("toggle", () => localStorage.setItem(PLACE, details.open ? "yes" : "no"));
  } catch {
    details.open = true;
  }
}

/** @returns {Action[]} */
function actions() {
  const change = (/** @type {Name} */ name, /** @type {number} */ by) => (/** @type {Bench} */ { preferences }) => {
    preferences.set(name, Math.round(Math.min(1, Math.max(0, Number(preferences.get(name)) + by)) * 100) / 100);
  };
  return [
    { id: "view.more-opaque", title: "Fill labels more", group: "View", keys: ["Alt+ArrowUp"], repeats: true, run: change("opacity", 0.1) },
    { id: "view.less-opaque", title: "Fill labels less", group: "View", keys: ["Alt+ArrowDown"], repeats: true, run: change("opacity", -0.1) },
    {
      id: "view.color-by", title: "Colour by the next: class, object, review, confidence", group: "View", keys: ["Alt+KeyC"],
      run: (bench) => {
        const at = COLORS_BY.findIndex(([value]) => value === bench.preferences.get("color_by"));
        const [value, title] = COLORS_BY[(at + 1) % COLORS_BY.length] ?? COLORS_BY[0];
        bench.preferences.set("color_by", value);
        bench.say(`Coloured by ${title.toLowerCase()}.`);
      },
    },
    { id: "view.names", title: "Show or hide names", group: "View", keys: ["Alt+KeyN"], run: ({ preferences }) => preferences.set("show_names", !preferences.get("show_names")) },
  ];
}
