// @ts-check
// Asks the API what a format cannot hold of this project, and lists it.

import { refusal } from "../shared/api.js";
import { make } from "../shared/dom.js";

for (const card of document.querySelectorAll("[data-report]")) {
  card.querySelector("[data-ask]")?.addEventListener("click", () => report(card));
}

/** @param {Element} card */
async function report(card) {
  const place = card.querySelector("[data-answer]");
  const button = card.querySelector("[data-ask]");
  if (!place || !(button instanceof HTMLButtonElement)) return;
  button.disabled = true;
  place.replaceChildren(make("p", { class: "muted" }, "Looking…"));
  try {
    const answer = await fetch(card.getAttribute("data-report") ?? "", { headers: { Accept: "application/json" } });
    if (!answer.ok) throw await refusal(answer);
    place.replaceChildren(listed(await answer.json()));
  } catch (error) {
    place.replaceChildren(make("p", { class: "said bad" }, error instanceof Error ? error.message : String(error)));
  } finally {
    button.disabled = false;
  }
}

/** @param {{losses: string[]}} answer */
function listed({ losses: sentences }) {
  if (!sentences.length) return make("p", { class: "said good" }, "It holds everything in this project.");
  return make("ul", { class: "said warn stack tight" }, ...sentences.map((one) => make("li", {}, one)));
}
