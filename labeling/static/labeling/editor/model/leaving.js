// @ts-check
// What goes along when the page is left: as many edits, in order, as one request may hold.

import { ask } from "../../shared/api.js";

/** @typedef {import("./outbox.js").Row} Row */

/** Browsers let 64 KB go on after the page is gone, headers included. */
const BYTES = 60_000;
/** The server takes no more together. */
const TOGETHER = 100;

/** What the server is sent of an edit. @param {Row} row */
export function bodyOf({ key, title, operations }) {
  return { key, title, operations };
}

/** Where an undo or a redo is sent. @param {string} path of the task's edits @param {Row} row */
export function turnPath(path, { key, kind }) {
  return `${path}${key}/${kind}/`;
}

/**
 * The first of the rows that fit into one request: edits, or one undo or redo.
 * @param {Row[]} rows in the order in which they are sent
 * @param {number} [most] bytes
 * @returns {Row[]}
 */
export function fitting(rows, most = BYTES) {
  const [first] = rows;
  if (first && first.kind !== "edit") return [first];
  const edits = rows.slice(0, TOGETHER);
  const others = edits.findIndex((row) => row.kind !== "edit");
  const found = [];
  let bytes = 0;
  for (const row of others < 0 ? edits : edits.slice(0, others)) {
    bytes += new TextEncoder().encode(JSON.stringify(bodyOf(row))).length + 1;
    if (bytes > most) break;
    found.push(row);
  }
  return found;
}

/**
 * Send them while the page goes; nobody reads the answer.
 * @param {string} path of the task's edits
 * @param {Row[]} rows all that wait
 * @returns {Row[]} those that were sent
 */
export function sendOff(path, rows) {
  const sent = fitting(rows);
  const [first] = sent;
  if (!first) return [];
  const [address, body] = first.kind === "edit" ? [`${path}together/`, { edits: sent.map(bodyOf) }] : [turnPath(path, first), undefined];
  ask("POST", address, body, { keepalive: true }).catch(() => {});
  return sent;
}
