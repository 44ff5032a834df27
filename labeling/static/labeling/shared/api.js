// @ts-check
// The one door to /api/v1/: JSON in and out, errors as the server says them.

export const API = "/api/v1/";

/** A refusal of the API, or a network that is away (`status` 0). `message` is the sentence for people. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} sentence
   * @param {Record<string, any>} [details]
   */
  constructor(status, code, sentence, details = {}) {
    super(sentence);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** @returns {string} */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}

/**
 * @typedef {object} Options
 * @property {number} [ifMatch] the version that was seen, 0 for none
 * @property {string} [key] the idempotency key
 * @property {AbortSignal} [signal]
 * @property {boolean} [keepalive] goes on when the page is left; of bodies up to 64 KB
 */

/**
 * Ask the API. `path` is relative to /api/v1/. Resolves with the answer's JSON, null when it has none.
 * Rejects with an `ApiError`, or with an `AbortError` when the signal says so.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export async function ask(method, path, body, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (options.ifMatch !== undefined) headers["If-Match"] = `"${options.ifMatch}"`;
  if (options.key) headers["Idempotency-Key"] = options.key;
  let answer;
  try {
    answer = await fetch(API + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: options.signal ?? null,
      keepalive: options.keepalive ?? false,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "offline", "The server does not answer.");
  }
  if (!answer.ok) throw await refusal(answer);
  return answer.status === 204 ? null : answer.json();
}

/**
 * @param {Response} answer
 * @returns {Promise<ApiError>}
 */
export async function refusal(answer) {
  try {
    const { error } = await answer.json();
    return new ApiError(answer.status, error.code, error.sentence, error.details);
  } catch {
    return new ApiError(answer.status, "unreadable", `The server answered ${answer.status} without a reason.`);
  }
}

/**
 * Read all pages of a list.
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any[]>}
 */
export async function askAll(path, signal) {
  /** @type {any[]} */
  const rows = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    const turn = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await ask("GET", `${path}${path.includes("?") ? "&" : "?"}limit=500${turn}`, undefined, { signal });
    rows.push(...page.results);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}
