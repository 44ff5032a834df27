// @ts-check
// Who else has the task open, and who holds it: a soft lease, which advises and never refuses.

import { ask } from "../../shared/api.js";
import { make } from "../../shared/dom.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {{id: number, username: string}} Person */
/** @typedef {{holder: Person | null, mine: boolean, others: Person[]}} Lease */

const RENEW_MS = 10_000;

/**
 * @param {Bench} bench
 * @param {HTMLElement} place
 */
export function showPresence(bench, place) {
  const path = `tasks/${bench.facts.task}/presence/`;
  /** @type {string | null} who held it when we looked last */
  let before = null;

  /** @param {Lease} lease */
  function show(lease) {
    const { holder, mine, others } = lease;
    const name = mine || !holder ? null : holder.username;
    place.replaceChildren(...(name ? [banner(name)] : others.length ? [guests(others)] : []));
    if (name && name !== before) bench.say(`${name} is editing this task. You can look, or take over.`, "warn");
    before = name;
  }

  /** @param {string} name */
  function banner(name) {
    const take = make("button", { type: "button", class: "small", id: "take-over" }, "Take over");
    take.addEventListener("click", () => renew({ take_over: true }));
    const words = make("span", { class: "tag warn", id: "presence-words" }, `${name} is editing`);
    return make("div", { class: "actions" }, words, ...(bench.facts.mayEdit ? [take] : []));
  }

  /** @param {Record<string, boolean>} [body] */
  async function renew(body = {}) {
    if (document.visibilityState !== "visible") return;
    try {
      show(await ask("PUT", path, body));
    } catch {
      // The save state says when the server is away; the next turn asks again.
    }
  }

  bench.sync.onEvent((event) => {
    if (event.task === bench.facts.task && event.kind.startsWith("presence.")) renew();
  });
  setInterval(renew, RENEW_MS);
  document.addEventListener("visibilitychange", () => renew());
  window.addEventListener("pagehide", () => {
    const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
    fetch(`/api/v1/${path}`, { method: "DELETE", keepalive: true, headers: { "X-CSRFToken": token } });
  });
  renew();
}

/** @param {Person[]} others */
function guests(others) {
  const names = others.map((one) => one.username).join(", ");
  return make("span", { class: "tag", id: "presence-words", title: `Also here: ${names}` }, `${others.length} also here`);
}
