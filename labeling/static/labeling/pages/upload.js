// @ts-check
// Uploading media: dropped or chosen, two at a time, with progress. What becomes of a file after
// that shows in the table below, which follows the events.

import { csrfToken } from "../shared/api.js";
import { byId } from "../shared/dom.js";

const AT_ONCE = 2;
const DONE_MS = 4000;

/** @type {File[]} */
const queue = [];
let running = 0;

const zone = document.getElementById("drop");
if (zone) start(zone);

/** @param {HTMLElement} drop */
function start(drop) {
  const input = /** @type {HTMLInputElement} */ (byId("files"));
  byId("choose").addEventListener("click", () => input.click());
  const chosen = () => {
    take(input.files);
    input.value = "";
  };
  input.addEventListener("change", chosen);
  // What was chosen before this script had come is not to be lost.
  if (input.files?.length) chosen();
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer?.files ?? null);
  });
  window.addEventListener("beforeunload", (event) => {
    if (running || queue.length) event.preventDefault();
  });
}

/** @param {FileList | null} files */
function take(files) {
  queue.push(...(files ?? []));
  while (running < AT_ONCE && queue.length) next();
}

function next() {
  const file = queue.shift();
  if (!file || !zone) return;
  running += 1;
  const row = rowOf(file);
  const most = Number(zone.dataset["most"]);
  const sent = most && file.size > most ? tooLarge(row) : send(file, row, zone.dataset["url"] ?? "");
  sent.finally(() => {
    running -= 1;
    next();
  });
}

/**
 * @param {File} file
 * @returns {HTMLElement}
 */
function rowOf(file) {
  const template = /** @type {HTMLTemplateElement} */ (byId("upload-row"));
  const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  part(row, "[data-name]").textContent = file.name;
  part(row, "progress").setAttribute("aria-label", `Upload of ${file.name}`);
  byId("uploads").append(row);
  return row;
}

/**
 * @param {Element} row
 * @param {string} selector
 */
function part(row, selector) {
  return /** @type {HTMLElement} */ (row.querySelector(selector));
}

/** @param {HTMLElement} row */
async function tooLarge(row) {
  say(row, "It is larger than this server takes.", true);
}

/**
 * @param {HTMLElement} row
 * @param {string} text
 * @param {boolean} [bad]
 */
function say(row, text, bad = false) {
  const state = part(row, "[data-state]");
  state.textContent = text;
  state.classList.toggle("job-error", bad);
}

/**
 * Send one file. `fetch` tells no progress of what it sends, so this is an XMLHttpRequest.
 * @param {File} file
 * @param {HTMLElement} row
 * @param {string} url
 * @returns {Promise<void>}
 */
function send(file, row, url) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => progress(row, event.loaded, event.total));
    request.addEventListener("loadend", () => {
      ended(row, request);
      resolve();
    });
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

/**
 * @param {HTMLElement} row
 * @param {number} loaded
 * @param {number} total
 */
function progress(row, loaded, total) {
  const bar = /** @type {HTMLProgressElement} */ (part(row, "progress"));
  bar.max = total || 1;
  bar.value = loaded;
  say(row, loaded < total ? `${Math.floor((loaded / total) * 100)} %` : "Being stored");
}

/**
 * @param {HTMLElement} row
 * @param {XMLHttpRequest} request
 */
function ended(row, request) {
  if (request.status !== 200 && request.status !== 201) {
    part(row, "progress").classList.add("bad");
    say(row, sentenceOf(request), true);
    return;
  }
  say(row, request.status === 200 ? "It was there already" : "Uploaded");
  document.getElementById("media")?.dispatchEvent(new CustomEvent("refresh"));
  setTimeout(() => row.remove(), DONE_MS);
}

/** @param {XMLHttpRequest} request */
function sentenceOf(request) {
  if (request.status === 0) return "The server does not answer. Upload it again.";
  try {
    return String(JSON.parse(request.responseText).error.sentence);
  } catch {
    return `The server answered ${request.status} without a reason.`;
  }
}
