// @ts-check
// Over the stage: why a frame cannot be shown, with a way to try again.

import { ApiError } from "../../shared/api.js";
import { byId, make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */

export class FrameSaid {
  /** @param {() => void} again */
  constructor(again) {
    this.sentence = make("p");
    const button = make("button", { type: "button", class: "small" }, "Try again");
    button.addEventListener("click", again);
    this.place = make("div", { class: "frame-said", id: "frame-said", role: "alert", hidden: true }, this.sentence, button);
    // The canvas takes what is pressed on the stage; not what is pressed here.
    for (const kind of ["pointerdown", "dblclick", "contextmenu", "wheel"]) {
      this.place.addEventListener(kind, (event) => event.stopPropagation());
    }
    byId("stage").append(this.place);
    window.addEventListener("online", () => !this.place.hidden && again());
  }

  /** @param {number} frame @param {unknown} error */
  show(frame, error) {
    this.sentence.textContent = sentenceOf(frame, error);
    this.place.hidden = false;
  }

  hide() {
    this.place.hidden = true;
  }
}

/** @param {number} frame @param {unknown} error */
function sentenceOf(frame, error) {
  if (error instanceof ApiError && error.status === 0) return `Frame ${frame} could not be fetched: the server does not answer.`;
  return error instanceof Error ? error.message : String(error);
}
