// @ts-check
// What the page says to the person: lines over the frame, read out politely.

import { announce, byId, make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {"info" | "warn" | "bad"} Tone */

const MOST = 4;
/** How long a line stays; errors stay until they are sent away. @type {Record<Tone, number | null>} */
const STAY_MS = { info: 5000, warn: 8000, bad: null };

/** @param {Bench} bench */
export function showMessages(bench) {
  const messages = new Messages(byId("messages", HTMLElement), byId("said", HTMLElement));
  bench.addEventListener("say", (event) => {
    const { sentence, tone } = /** @type {CustomEvent<{sentence: string, tone: Tone}>} */ (event).detail;
    messages.say(sentence, tone);
  });
}

class Messages {
  /** @param {HTMLElement} place @param {HTMLElement} region */
  constructor(place, region) {
    this.place = place;
    this.region = region;
    this.list = make("ul", { class: "messages", "aria-label": "Messages" });
    place.append(this.list);
  }

  /** @param {string} sentence @param {Tone} tone */
  say(sentence, tone) {
    announce(this.region, sentence);
    // The same again takes the place of what stands there.
    for (const one of [...this.list.children]) if (one instanceof HTMLElement && one.dataset["sentence"] === sentence) one.remove();
    const close = make("button", { type: "button", class: "quiet icon small", "aria-label": "Dismiss", title: "Dismiss" }, icon("close"));
    const line = make("li", { class: `said slim message ${tone === "info" ? "" : tone}`, "data-sentence": sentence }, icon(tone === "info" ? "info" : "warning"), make("span", { class: "grow" }, sentence), close);
    close.addEventListener("click", () => this.drop(line));
    this.list.append(line);
    while (this.list.children.length > MOST) this.list.firstElementChild?.remove();
    const stay = STAY_MS[tone];
    if (stay !== null) this.fade(line, stay);
  }

  /** Gone after a while, but not while it is pointed at or focused. @param {HTMLElement} line @param {number} stay */
  fade(line, stay) {
    const look = () => {
      if (line.matches(":hover, :focus-within")) setTimeout(look, stay);
      else line.remove();
    };
    setTimeout(look, stay);
  }

  /** @param {HTMLElement} line */
  drop(line) {
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    (next?.querySelector("button") ?? byId("stage", HTMLElement)).focus({ preventScroll: true });
  }
}
