// @ts-check
// Uploading media: dropped or chosen, two at a time, with progress. What becomes of a file after
// that shows in the table below, which follows the events.

import { ApiError, csrfToken } from "../shared/api.js";
import { byId } from "../shared/dom.js";
import { BucketAway, mayGoDirect, sendDirect } from "./direct.js";
import { chosenFiles, droppedFiles } from "./folders.js";
import { hindrance, ordersOf } from "./orders.js";
import { Refreshing } from "./refreshing.js";

/** @typedef {import("./orders.js").Order} Order */

const AT_ONCE = 2;
const DONE_MS = 4000;
const AWAY = "This browser cannot reach the bucket, so files go through the server.";

/** @type {Order[]} */
const queue = [];
let running = 0;
let away = false;
const table = new Refreshing("media");

const zone = document.getElementById("drop");
if (zone) start(zone);

/** @param {HTMLElement} drop */
function start(drop) {
  choosing("choose", "files");
  choosing("choose-folder", "folder");
  byId("upload-kind", HTMLSelectElement).addEventListener("change", explain);
  explain();
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    droppedFiles(event.dataTransfer).then(take, () => refuseDrop());
  });
  window.addEventListener("beforeunload", (event) => {
    if (running || queue.length) event.preventDefault();
  });
}

/**
 * @param {string} button
 * @param {string} field
 */
function choosing(button, field) {
  const input = byId(field, HTMLInputElement);
  byId(button).addEventListener("click", () => input.click());
  const chosen = () => {
    take(chosenFiles(input.files));
    input.value = "";
  };
  input.addEventListener("change", chosen);
  // What was chosen before this script had come is not to be lost.
  if (input.files?.length) chosen();
}

/** Say what the chosen kind makes of the files. */
function explain() {
  const select = byId("upload-kind", HTMLSelectElement);
  byId("upload-help").textContent = select.selectedOptions[0]?.dataset["help"] ?? "";
}

/** @param {import("./folders.js").Found[]} found */
function take(found) {
  queue.push(...ordersOf(found, byId("upload-kind", HTMLSelectElement).value));
  while (running < AT_ONCE && queue.length) next();
}

function refuseDrop() {
  say(rowOf("What was dropped"), "The browser could not read it. Choose the files instead.", true);
}

function next() {
  const order = queue.shift();
  if (!order || !zone) return;
  running += 1;
  const row = rowOf(order.name);
  const { most, mostFiles, url } = zone.dataset;
  const reason = hindrance(order, { bytes: Number(most), files: Number(mostFiles) });
  const sent = reason ? Promise.resolve(say(row, reason, true)) : deliver(order, row, url ?? "");
  sent.finally(() => {
    running -= 1;
    next();
  });
}

/**
 * @param {string} name
 * @returns {HTMLElement}
 */
function rowOf(name) {
  const template = byId("upload-row", HTMLTemplateElement);
  const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  part(row, "[data-name]").textContent = name;
  part(row, "progress").setAttribute("aria-label", `Upload of ${name}`);
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
 * Send one upload straight into the bucket where that is possible, else through the server.
 * @param {Order} order
 * @param {HTMLElement} row
 * @param {string} url
 */
async function deliver(order, row, url) {
  const { directPath, directFrom } = zone?.dataset ?? {};
  if (!directPath || away || !(await mayGoDirect(order, Number(directFrom)))) return send(order, row, url);
  try {
    await sendDirect(order, directPath, (loaded, total) => progress(row, loaded, total));
    arrived(row, "Uploaded");
  } catch (error) {
    if (!(error instanceof BucketAway)) return failed(row, sentenceFor(error));
    away = true;
    byId("upload-way").textContent = AWAY;
    return send(order, row, url);
  }
}

/** @param {unknown} error */
function sentenceFor(error) {
  return error instanceof ApiError ? error.message : "The browser could not read the file. Choose it again.";
}

/**
 * Send one upload through the server. `fetch` tells no progress of what it sends, so this is an XMLHttpRequest.
 * @param {Order} order
 * @param {HTMLElement} row
 * @param {string} url
 * @returns {Promise<void>}
 */
function send(order, row, url) {
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
    if (order.kind) body.append("kind", order.kind);
    if (order.title) body.append("title", order.title);
    for (const { file, name } of order.files) body.append("file", file, name);
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
    failed(row, sentenceOf(request));
    return;
  }
  arrived(row, request.status === 200 ? "It was there already" : "Uploaded");
}

/**
 * @param {HTMLElement} row
 * @param {string} sentence
 */
function failed(row, sentence) {
  part(row, "progress").classList.add("bad");
  say(row, sentence, true);
}

/**
 * @param {HTMLElement} row
 * @param {string} text
 */
function arrived(row, text) {
  say(row, text);
  table.ask();
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
