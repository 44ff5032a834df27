// @ts-check
// Wand and sparkles in the row of a class.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { segmentable } from "./segmentable.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */
/** @typedef {import("./sparkles.js").Sparkles} Sparkles */
/** @typedef {{elements: HTMLElement[], show: () => void}} Tools the buttons of a row, and what brings them up to date */

/** @param {Bench} bench @param {ObjectClass} of @param {Sparkles} sparkles @returns {Tools} */
export function rowTools(bench, of, sparkles) {
  const one = wand(bench, of);
  const all = sparkle(bench, of, sparkles);
  return {
    elements: [...one.elements, ...all.elements],
    show() {
      one.show();
      all.show();
    },
  };
}

/** Segment objects of the class. @param {Bench} bench @param {ObjectClass} of @returns {Tools} */
function wand(bench, of) {
  const title = `Segment ${of.name} with SAM`;
  const on = () => bench.tool?.name === "sam" && bench.classId === of.id;
  const button = rowButton(bench, of, "wand", title, () => {
    if (on()) bench.use("select");
    else {
      // The wand of a class is for new objects of it.
      bench.select([]);
      bench.useClass(of.id);
      bench.use("sam");
    }
  });
  const show = () => {
    button.setAttribute("aria-pressed", String(on()));
    grey(button, title, segmentable(bench, of));
  };
  return { elements: [button], show };
}

/** Label all objects of the class on this frame. @param {Bench} bench @param {ObjectClass} of @param {Sparkles} sparkles @returns {Tools} */
function sparkle(bench, of, sparkles) {
  const title = `Label all objects of ${of.name} on this frame`;
  const button = rowButton(bench, of, "sparkles", title, () => {
    void sparkles.run(of).finally(show);
    show();
  });
  const said = make("p", { class: "class-said small", hidden: true });
  const show = () => {
    const { sentence = "" } = sparkles.said?.of === of ? sparkles.said : {};
    said.textContent = sentence;
    said.hidden = sentence === "";
    button.setAttribute("aria-busy", String(sparkles.isLooking(of)));
    grey(button, sparkles.isLooking(of) ? `Looking for objects of ${of.name}. Press again to stop.` : title, segmentable(bench, of));
  };
  sparkles.addEventListener("change", show);
  return { elements: [button, said], show };
}

/** @param {Bench} bench @param {ObjectClass} of @param {"wand" | "sparkles"} name @param {string} label @param {() => void} run */
function rowButton(bench, of, name, label, run) {
  const button = make("button", { type: "button", class: `class-tool ${name}`, "aria-label": label }, icon(name));
  button.addEventListener("click", () => {
    const answer = segmentable(bench, of);
    if (answer === true) run();
    else bench.say(answer, "warn");
    document.getElementById("stage")?.focus({ preventScroll: true });
  });
  return button;
}

/** @param {HTMLElement} button @param {string} title @param {true | string} answer */
function grey(button, title, answer) {
  button.setAttribute("aria-disabled", String(answer !== true));
  button.title = answer === true ? title : answer;
}
