// @ts-check
// Keeps what a page shows of media, tasks and jobs up to date. Elements say what they follow:
// data-live="<project>" (or "all" of one's projects) with data-live-kinds="media. task." are fetched anew by htmx on such events;
// data-job="<id>" follows one job: its progress is written in place, its changes fetched anew.

import { announce } from "../shared/dom.js";
import { watch } from "../shared/events.js";

/** @typedef {import("../shared/events.js").ServerEvent} ServerEvent */

const REFRESH_MS = 400;
/** @type {Set<string>} */
const waiting = new Set();

/**
 * Have htmx fetch the element's part anew: soon, and once however many events ask for it.
 * @param {string} selector
 */
function refreshSoon(selector) {
  if (waiting.has(selector)) return;
  waiting.add(selector);
  setTimeout(() => {
    waiting.delete(selector);
    document.querySelector(selector)?.dispatchEvent(new CustomEvent("refresh"));
  }, REFRESH_MS);
}

/** @param {ServerEvent} event */
function follow(event) {
  for (const part of document.querySelectorAll("[data-live-kinds]")) {
    const kinds = (part.getAttribute("data-live-kinds") ?? "").split(" ");
    if (kinds.some((kind) => event.kind.startsWith(kind))) refreshSoon(`#${part.id}`);
  }
  const row = event.job === null ? null : document.querySelector(`[data-job="${event.job}"]`);
  if (!row) return;
  if (event.kind === "job.progress") progress(row, event);
  else refreshSoon(`[data-job="${event.job}"]`);
  if (event.kind !== "job.progress") say(event);
}

/**
 * @param {Element} row
 * @param {ServerEvent} event
 */
function progress(row, event) {
  const { frames_done: done, frames_total: total } = event.payload;
  const bar = row.querySelector("progress");
  if (bar) bar.value = done;
  const count = row.querySelector("[data-job-count]");
  if (count) count.textContent = `${done} / ${total} frames`;
}

/** @param {ServerEvent} event */
function say(event) {
  const region = document.getElementById("jobs-said");
  if (region) announce(region, `Job ${event.job} ${event.kind.replace("job.", "").replaceAll("_", " ")}.`);
}

const followed = document.querySelector("[data-live]")?.getAttribute("data-live");
if (followed) watch(followed === "all" ? null : Number(followed), follow);
