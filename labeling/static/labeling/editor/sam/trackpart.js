// @ts-check
// Tracking in the popup: over how many frames, which way, and how it stands.

import { make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../jobs/form.js").Direction} Direction */
/** @typedef {import("./tracks.js").Tracks} Tracks */

export class TrackPart {
  /** @param {Bench} bench @param {Tracks} tracks */
  constructor(bench, tracks) {
    this.bench = bench;
    this.tracks = tracks;
    const most = Math.max(1, bench.facts.trackingFramesMax);
    this.frames = make("input", { type: "number", id: "sam-frames", min: "1", max: String(most), step: "1" });
    const usual = () => (this.frames.value = String(bench.preferences.get("tracking_range")));
    bench.on(["preferences"], ({ detail }) => detail === "tracking_range" && usual());
    usual();
    /** @type {[Direction, HTMLButtonElement][]} */
    this.buttons = [...bench.facts.directions].reverse().map((direction) => [direction, this.button(direction)]);
    this.standing = make("p", { class: "small", id: "sam-tracking", role: "status" });
    this.choice = make("div", { class: "sam-line" }, make("label", { for: "sam-frames", class: "small muted", title: "The frame of the draft is one of them" }, "Frames to track"), this.frames, make("div", { class: "actions" }, ...this.buttons.map(([, one]) => one)));
    this.element = make("div", { class: "stack tight" }, this.choice, this.standing);
  }

  /** @param {Direction} direction */
  button(direction) {
    const title = direction === "forwards" ? "Forwards" : "Backwards";
    const made = make("button", { type: "button", class: "small", id: `sam-${direction}` }, title);
    made.addEventListener("click", () => this.start(direction));
    return made;
  }

  /** @param {Direction} direction */
  start(direction) {
    if (!this.frames.checkValidity() || !Number.isInteger(this.frames.valueAsNumber)) {
      this.frames.reportValidity();
      return;
    }
    void this.tracks.start(direction, this.frames.valueAsNumber);
  }

  /** @param {boolean} open there is a draft */
  show(open) {
    const { tracks, bench } = this;
    this.choice.hidden = !open || tracks.run !== null || !bench.facts.mayRun || this.buttons.length === 0;
    for (const [direction, button] of this.buttons) {
      const answer = tracks.available(direction);
      button.hidden = answer === false;
      button.disabled = answer !== true;
      button.title = answer === true ? bench.actions.hint(`sam.track-${direction}`) : answer || "";
    }
    const { sentence } = tracks;
    if (this.standing.textContent !== sentence) this.standing.textContent = sentence;
    this.standing.hidden = sentence === "";
    this.element.hidden = this.choice.hidden && this.standing.hidden;
  }
}
