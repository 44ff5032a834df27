// @ts-check
// Advanced tracking on or off: SAM 2 or the fast tracker. Where SAM 2 was never offered it is off, and says why.

import { make } from "../../shared/dom.js";
import { trackerMeant } from "./trackable.js";

/** @typedef {import("../bench.js").Bench} Bench */

export class Advanced {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    const barrier = bench.facts.advancedBarrier;
    this.box = make("input", { type: "checkbox", id: "track-advanced", disabled: barrier !== "", "aria-describedby": "track-advanced-about" });
    const about = make("p", { class: "small muted", id: "track-advanced-about" }, barrier || "SAM 2. Off: the fast tracker, which runs anywhere.");
    this.element = make(
      "div", { class: "advanced", title: barrier },
      make("label", { class: "check" }, this.box, " Advanced tracking"),
      about,
    );
    this.box.addEventListener("change", () => bench.preferences.set("advanced_tracking", this.box.checked));
    bench.on(["preferences"], () => this.show());
    this.show();
  }

  get on() {
    return this.box.checked;
  }

  show() {
    this.box.checked = trackerMeant(this.bench) === "sam2";
  }
}
