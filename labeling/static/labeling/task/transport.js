// @ts-check
// Going through the frames: slider, number, steps. The number shown is that of the picture drawn.

import { announce, byId } from "../shared/dom.js";

/** @typedef {import("./bench.js").Bench} Bench */

/** @param {Bench} bench */
export function offerTransport(bench) {
  const { first, last } = bench.facts;
  const slider = byId("slider", HTMLInputElement);
  const number = byId("frame-number", HTMLInputElement);
  slider.addEventListener("input", () => bench.go(slider.valueAsNumber));
  number.addEventListener("change", () => {
    bench.go(number.valueAsNumber);
    number.valueAsNumber = bench.frame;
  });
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => bench.go(bench.frame + Number(button.getAttribute("data-step"))));
  }
  const show = () => {
    slider.valueAsNumber = bench.frame;
    slider.setAttribute("aria-valuetext", `Frame ${bench.frame} of ${first} to ${last}`);
    if (document.activeElement !== number) number.valueAsNumber = bench.frame;
  };
  bench.on(["frame"], show);
  bench.on(["shown"], () => (byId("shown-frame").textContent = `Frame ${bench.shown} / ${last}`));
  show();
}

/**
 * Say of a frame that cannot be shown why not; nothing takes the sentence away.
 * @param {string} sentence
 */
export function sayFrame(sentence) {
  const place = byId("frame-said");
  place.hidden = sentence === "";
  if (sentence) announce(place, sentence);
}
