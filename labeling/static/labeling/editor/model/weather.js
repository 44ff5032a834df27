// @ts-check
// When the network is back, the person has signed in, or the page is left: what waits is sent.

/** @typedef {import("./editing.js").Editing} Editing */

/** @param {Editing} editing */
export function watchWeather(editing) {
  const send = () => void editing.sender.send();
  window.addEventListener("online", send);
  window.addEventListener("focus", () => editing.state === "signed-out" && send());
  window.addEventListener("beforeunload", (event) => asksToStay(editing) && event.preventDefault());
  window.addEventListener("pagehide", () => editing.autosaves() && editing.sender.leave());
  window.addEventListener("pageshow", (event) => event.persisted && editing.sender.back());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && editing.autosaves()) send();
  });
}

/** What would be lost, or was not saved on purpose, is asked about before the page is left. @param {Editing} editing */
function asksToStay(editing) {
  if (!editing.outbox.rows.length) return false;
  return !editing.outbox.lasts || !editing.autosaves() || editing.state === "conflict" || editing.state === "signed-out";
}
