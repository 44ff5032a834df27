// @ts-check
// The bell: how many notifications wait to be read, kept true while the page is open.

import { ask } from "./api.js";

/** @typedef {import("./events.js").ServerEvent} ServerEvent */

/** Events of the page's project tell at once; of others, and of what is read elsewhere, one hears by asking. */
const ASK_MS = 60_000;

export class Bell {
  /** @param {HTMLElement} element with the user's id in `data-bell`, and a place for the number inside */
  constructor(element) {
    this.element = element;
    this.user = Number(element.dataset["bell"]);
    const ask = () => document.visibilityState === "visible" && void this.read();
    setInterval(ask, ASK_MS);
    document.addEventListener("visibilitychange", ask);
  }

  /** @param {ServerEvent} event */
  heard(event) {
    if (event.kind === "notification.made" && event.payload["to"] === this.user) void this.read();
  }

  async read() {
    try {
      this.show((await ask("GET", "me/notifications/?unread=true&limit=1")).unread);
    } catch {
      // Asked again in a minute; pages say themselves when the server is away.
    }
  }

  /** @param {number} unread */
  show(unread) {
    const { element } = this;
    const number = element.querySelector("[data-bell-number]");
    if (!number) return;
    number.textContent = String(unread);
    const shown = number.closest(".count");
    if (shown instanceof HTMLElement) shown.hidden = unread === 0;
    element.title = unread ? `Notifications: ${unread} unread` : "Notifications";
  }
}
