// @ts-check
// Changes that the server has not confirmed, kept in the browser so that a reload or a crash loses none.

/** @typedef {import("../types.js").Operation} Operation */
/** @typedef {import("./shelf.js").Shelf} Shelf */
/** @typedef {import("./world.js").Patch} Patch */
/**
 * @typedef {object} Row
 * @property {number} [n] its place, given by the shelf
 * @property {string} id names it here; of an edit its key, which makes a repeated send one edit
 * @property {"edit" | "undo" | "redo"} kind
 * @property {string} key of the edit that is meant
 * @property {string} title
 * @property {Operation[]} operations of an edit; empty otherwise
 * @property {{patch: Patch, seq: number | null}} [back] of an undo or a redo: what it puts back, where that is known
 * @property {number} at milliseconds since 1970
 * @property {string} tab the page that sends it
 * @property {boolean} attempted it may have reached the server
 * @property {string} [refused] why the server did not take it
 */

/** Rows in order: first in, first sent. What is shown does not wait for the shelf. */
export class Outbox {
  /** @param {Promise<Shelf>} opening */
  constructor(opening) {
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Row[]} what the server refused, until the person has seen it */
    this.refused = [];
    /** Whether what waits outlives the page. */
    this.lasts = true;
    /** @type {Set<string>} what this page has made or taken over: what of it lies on the shelf is not left by another */
    this.seen = new Set();
    /** @type {Shelf | null} */
    this.shelf = null;
    /** @type {Promise<unknown>} writes to the shelf, one after the other */
    this.writing = opening.then((shelf) => {
      this.shelf = shelf;
      this.lasts = shelf.lasts;
    });
  }

  /**
   * Take over what another page left, this one before a reload included.
   * @param {string} tab this page
   * @param {Set<string>} living pages, whose changes are theirs
   * @returns {Promise<Row[]>} what is to be sent; it goes before what was done here
   */
  async adopt(tab, living) {
    await this.writing;
    const all = (await this.shelf?.all()) ?? [];
    const left = all.filter((row) => !this.seen.has(row.id) && (row.tab === tab || !living.has(row.tab)));
    for (const row of left) {
      this.seen.add(row.id);
      row.tab = tab;
      void this.write((shelf) => shelf.put(row));
    }
    const waiting = left.filter((row) => row.refused === undefined);
    this.refused = [...left.filter((row) => row.refused !== undefined), ...this.refused];
    // What may be on its way stays first.
    const sent = this.rows.filter((row) => row.attempted);
    this.rows = [...sent, ...waiting, ...this.rows.filter((row) => !row.attempted)];
    return waiting;
  }

  /** @param {Row} row */
  add(row) {
    this.seen.add(row.id);
    this.rows.push(row);
    return this.keep(row);
  }

  /** Write a row that was changed. @param {Row} row */
  keep(row) {
    return this.write(async (shelf) => {
      if (this.rows.includes(row) || this.refused.includes(row)) row.n = await shelf.put(row);
    });
  }

  /** It was confirmed, taken back, or seen by the person who did it. @param {Row} row */
  drop(row) {
    this.rows = this.rows.filter((one) => one !== row);
    this.refused = this.refused.filter((one) => one !== row);
    return this.write(async (shelf) => {
      if (row.n !== undefined) await shelf.drop(row.n);
    });
  }

  /** The server will not take it: it is kept to be looked at. @param {Row} row @param {string} sentence */
  refuse(row, sentence) {
    this.rows = this.rows.filter((one) => one !== row);
    row.refused = sentence;
    this.refused.push(row);
    return this.keep(row);
  }

  /** @param {(shelf: Shelf) => Promise<unknown>} step */
  write(step) {
    this.writing = this.writing.then(async () => this.shelf && step(this.shelf)).catch(() => {
      // A full disk, or a database that was taken away: from here on leaving the page asks.
      this.lasts = false;
    });
    return this.writing;
  }
}
