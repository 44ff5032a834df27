// @ts-check
// Changes that the server has not confirmed, kept in the browser so that a reload or a crash loses none.

/** @typedef {import("../types.js").Operation} Operation */
/**
 * @typedef {object} Row
 * @property {number} [n] its place, given by the shelf
 * @property {string} id names it here; of an edit its key, which makes a repeated send one edit
 * @property {"edit" | "undo" | "redo"} kind
 * @property {string} key of the edit that is meant
 * @property {string} title
 * @property {Operation[]} operations of an edit; empty otherwise
 * @property {number} at milliseconds since 1970
 */
/**
 * Where rows are kept.
 * @typedef {object} Shelf
 * @property {() => Promise<Row[]>} all
 * @property {(row: Row) => Promise<number>} put returns the row's place
 * @property {(n: number) => Promise<void>} drop
 */

const STORE = "rows";

/** Rows in order: first in, first sent. What is shown does not wait for the shelf. */
export class Outbox {
  /** @param {Shelf} shelf */
  constructor(shelf) {
    this.shelf = shelf;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Promise<unknown>} writes to the shelf, one after the other */
    this.writing = Promise.resolve();
  }

  /** Take in what an earlier page left. @returns {Promise<Row[]>} */
  async open() {
    this.rows = (await this.shelf.all()).sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
    return this.rows;
  }

  /** @param {Row} row */
  add(row) {
    this.rows.push(row);
    return this.keep(row);
  }

  /** Write a row that was changed. @param {Row} row */
  keep(row) {
    return this.write(async () => {
      if (this.rows.includes(row)) row.n = await this.shelf.put(row);
    });
  }

  /** It was confirmed, refused or taken back. @param {Row} row */
  drop(row) {
    this.rows = this.rows.filter((one) => one !== row);
    return this.write(async () => {
      if (row.n !== undefined) await this.shelf.drop(row.n);
    });
  }

  /** @param {() => Promise<void>} step */
  write(step) {
    this.writing = this.writing.then(step, step);
    return this.writing;
  }
}

/** A shelf that lasts as long as the page. @implements {Shelf} */
export class MemoryShelf {
  constructor() {
    /** @type {Map<number, string>} */
    this.kept = new Map();
    this.last = 0;
  }

  /** @returns {Promise<Row[]>} */
  async all() {
    return [...this.kept.values()].map((text) => JSON.parse(text));
  }

  /** @param {Row} row */
  async put(row) {
    const n = row.n ?? (this.last += 1);
    this.kept.set(n, JSON.stringify({ ...row, n }));
    return n;
  }

  /** @param {number} n */
  async drop(n) {
    this.kept.delete(n);
  }
}

/** A shelf in IndexedDB. @implements {Shelf} */
export class DatabaseShelf {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.database = database;
  }

  /** @returns {Promise<Row[]>} */
  all() {
    return this.ask("readonly", (store) => store.getAll());
  }

  /** @param {Row} row */
  async put(row) {
    return Number(await this.ask("readwrite", (store) => store.put(row)));
  }

  /** @param {number} n */
  drop(n) {
    return this.ask("readwrite", (store) => store.delete(n));
  }

  /**
   * @template Answer
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<Answer>} question
   * @returns {Promise<Answer>}
   */
  ask(mode, question) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(STORE, mode, { durability: "strict" });
      const request = question(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("The browser does not keep changes."));
    });
  }
}

/**
 * Open the shelf of a person's changes to a task; a browser that keeps nothing gives one of the page's own.
 * @param {number} user
 * @param {number} task
 * @returns {Promise<{shelf: Shelf, lasts: boolean}>}
 */
export async function openShelf(user, task) {
  try {
    return { shelf: new DatabaseShelf(await openDatabase(`labelyard-${user}-${task}`)), lasts: true };
  } catch {
    return { shelf: new MemoryShelf(), lasts: false };
  }
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("Another page keeps the database."));
  });
}
