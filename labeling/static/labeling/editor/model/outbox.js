// @ts-check
// What waits to be sent, in order. Kept in the browser, so that neither a reload nor a crash loses it.

import { MemoryRows } from "./rows.js";

/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("./rows.js").Rows} Rows */
/**
 * One request to the server that waits.
 * @typedef {object} Row
 * @property {number} [id] its place in the browser's database; none until it is written there
 * @property {"edit" | "undo" | "redo" | "job.undo" | "job.redo"} kind
 * @property {string} key of the edit: a request that is sent twice is one edit; of a run its number
 * @property {string} title
 * @property {Operation[]} operations of an edit, and of a redo when they are known
 * @property {boolean} attempted it may have reached the server
 * @property {number} at when it was made, milliseconds
 * @property {string} [merge]
 * @property {string} tab the page that sends it
 * @property {string} [refused] why the server did not take it
 */

export class Outbox {
  /** @param {Rows} [rows] where they are kept */
  constructor(rows = new MemoryRows()) {
    this.kept = rows;
    /** @type {Row[]} in the order in which they are sent */
    this.rows = [];
    /** @type {Row[]} what the server refused, until the person has seen it */
    this.refused = [];
    /** Writing to the database goes one after the other. @type {Promise<unknown>} */
    this.writing = Promise.resolve();
    this.failed = false;
  }

  /** Whether what waits outlives the page. */
  get lasting() {
    return this.kept.lasting && !this.failed;
  }

  /**
   * Take over rows that an earlier page left: they go before those made since.
   * @param {(row: Row) => boolean} mine
   * @param {string} tab
   * @returns {Promise<Row[]>} those that were taken
   */
  async adopt(mine, tab) {
    const known = new Set([...this.rows, ...this.refused].map((row) => row.id));
    const found = (await this.kept.all().catch(() => [])).filter((row) => mine(row) && !known.has(row.id));
    for (const row of found) {
      row.tab = tab;
      this.change(row);
    }
    this.refused.push(...found.filter((row) => row.refused !== undefined));
    const waiting = found.filter((row) => row.refused === undefined);
    this.rows = [...waiting, ...this.rows];
    return waiting;
  }

  /** @param {Row} row */
  add(row) {
    this.rows.push(row);
    this.write(async () => {
      row.id = await this.kept.put(row);
    });
  }

  /** Something in the row changed. @param {Row} row */
  change(row) {
    this.write(() => this.kept.put(row));
  }

  /** @param {Row} row */
  remove(row) {
    this.rows = this.rows.filter((one) => one !== row);
    this.refused = this.refused.filter((one) => one !== row);
    this.write(async () => row.id !== undefined && this.kept.remove(row.id));
  }

  /** The server did not take it; it is kept for the person to see. @param {Row} row @param {string} sentence */
  refuse(row, sentence) {
    this.rows = this.rows.filter((one) => one !== row);
    row.refused = sentence;
    this.refused.push(row);
    this.change(row);
  }

  /** @param {() => Promise<unknown>} step */
  write(step) {
    this.writing = this.writing.then(step).catch(() => {
      // A full disk or a database that was taken away: what waits is kept in memory alone from here on.
      this.failed = true;
    });
  }

  /** Resolves when all is written. */
  async settled() {
    await this.writing;
  }
}
