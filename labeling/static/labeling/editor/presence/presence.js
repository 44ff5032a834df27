// @ts-check
// Who else has the task open, and who holds it: a soft lease, which advises and never refuses.

import { API, ask, csrfToken } from "../../shared/api.js";
import { make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../../shared/events.js").ServerEvent} ServerEvent */
/** @typedef {{id: number, name: string}} Person */
/** @typedef {{holder: Person | null, mine: boolean, others: Person[]}} Lease */

const RENEW_MS = 10_000;

/**
 * @param {Bench} bench
 * @param {HTMLElement} place
 */
export function showPresence(bench, place) {
  const presence = new Presence(bench, place);
  presence.listen();
  presence.renew();
}

class Presence {
  /** @param {Bench} bench @param {HTMLElement} place */
  constructor(bench, place) {
    this.bench = bench;
    this.place = place;
    this.path = `tasks/${bench.facts.task}/presence/`;
    /** @type {string | null} who held it when we looked last, and was said to */
    this.said = null;
  }

  listen() {
    this.bench.sync.onEvent((event) => this.heard(event));
    setInterval(() => this.renew(), RENEW_MS);
    document.addEventListener("visibilitychange", () => this.renew());
    window.addEventListener("pageshow", (event) => event.persisted && this.renew());
    window.addEventListener("pagehide", () => {
      fetch(API + this.path, { method: "DELETE", keepalive: true, headers: { "X-CSRFToken": csrfToken() } });
    });
  }

  /** @param {ServerEvent} event */
  heard({ task, kind, payload }) {
    const { facts } = this.bench;
    if (task !== facts.task || kind !== "presence.changed") return;
    const { by, taken_from: from } = payload;
    const name = facts.members.find((one) => one.id === by)?.name ?? "Somebody";
    if (from === facts.user.id && by !== from) {
      this.bench.say(`${name} took over editing this task. What you do is saved still.`, "warn");
      this.said = name;
    }
    this.renew();
  }

  /** Say that we are here. The save state says when the server is away, and the next turn asks again. */
  async renew() {
    if (document.visibilityState !== "visible") return;
    try {
      this.show(await ask("PUT", this.path, {}));
    } catch {
      // See above.
    }
  }

  async takeOver() {
    try {
      this.show(await ask("PUT", this.path, { take_over: true }));
    } catch (error) {
      this.bench.say(error instanceof Error ? error.message : String(error), "bad");
    }
  }

  /** @param {Lease} lease */
  show({ holder, mine, others }) {
    const name = mine || !holder ? null : holder.name;
    this.place.replaceChildren(...(name ? [this.banner(name)] : others.length ? [guests(others)] : []));
    if (name && name !== this.said) this.bench.say(`${name} is editing this task. You can look, or take over.`, "warn");
    this.said = name;
  }

  /** @param {string} name */
  banner(name) {
    const take = make("button", { type: "button", class: "small", id: "take-over" }, "Take over");
    take.addEventListener("click", () => this.takeOver());
    const words = make("span", { class: "tag warn", id: "presence-words" }, `${name} is editing`);
    return make("div", { class: "actions" }, words, ...(this.bench.facts.mayEdit ? [take] : []));
  }
}

/** @param {Person[]} others */
function guests(others) {
  const names = others.map((one) => one.name).join(", ");
  return make("span", { class: "tag", id: "presence-words", title: `Also here: ${names}` }, `${others.length} also here`);
}
