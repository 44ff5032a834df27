// @ts-check
// The reference's forms that send a request as who is signed in: form[data-try] with data-method and data-path.
// A field's data-place says where its value goes: path, query, header or body. Empty ones are left out.

import { csrfToken } from "../shared/api.js";

const SHOWN_CHARACTERS = 100_000;
const HEADERS = [
  "Content-Type", "ETag", "Location", "Retry-After", "RateLimit-Remaining", "Deprecation", "Sunset",
];

/** @param {HTMLFormElement} form @returns {[string, RequestInit]} */
function request(form) {
  let path = form.dataset.path ?? "";
  const method = form.dataset.method ?? "GET";
  const query = new URLSearchParams();
  const headers = new Headers({ Accept: "application/json, */*;q=0.5" });
  let body;
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
    const value = field.value.trim();
    const place = field.dataset.place;
    if (place === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (!value) continue;
    else if (place === "query") query.append(field.name, value);
    else if (place === "header") headers.set(field.name, value);
    else if (place === "body") body = JSON.stringify(JSON.parse(value));
  }
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (method !== "GET") headers.set("X-CSRFToken", csrfToken());
  return [query.size ? `${path}?${query}` : path, { method, headers, body, cache: "no-store" }];
}

/** What the answer holds, to read. @param {Response} answer */
async function told(answer) {
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind && !/json|text|yaml|xml/.test(kind)) return `${(await answer.blob()).size} bytes of ${kind}`;
  const text = await answer.text();
  const whole = kind.includes("json") && text ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return whole.length > SHOWN_CHARACTERS
    ? `${whole.slice(0, SHOWN_CHARACTERS)}\n… ${whole.length - SHOWN_CHARACTERS} characters more`
    : whole;
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const said = form.querySelector("[data-said]");
  const shown = form.querySelector("[data-answered]");
  if (!said || !(shown instanceof HTMLElement)) return;
  shown.hidden = true;
  /** @type {[string, RequestInit]} */
  let made;
  try {
    made = request(form);
  } catch (error) {
    said.textContent = `The body is no JSON, and nothing was sent: ${error instanceof Error ? error.message : error}`;
    return;
  }
  const [address, options] = made;
  if (options.method !== "GET" && !confirm(`Send ${options.method} ${address}? It is done to your own data.`)) return;
  said.textContent = "…";
  const begun = performance.now();
  try {
    const answer = await fetch(address, options);
    const milliseconds = Math.round(performance.now() - begun);
    const headers = HEADERS.filter((name) => answer.headers.has(name)).map((name) => `${name}: ${answer.headers.get(name)}`);
    shown.textContent = [...headers, "", await told(answer)].join("\n");
    shown.hidden = false;
    said.textContent = `${answer.status} ${answer.statusText} after ${milliseconds} ms`;
  } catch (error) {
    said.textContent = `No whole answer came: ${error instanceof Error ? error.message : error}`;
  }
}

for (const form of document.querySelectorAll("form[data-try]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
}
