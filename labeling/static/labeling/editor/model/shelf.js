// @ts-check
// Where changes are kept: the browser's database, or memory where that is refused.

/** @typedef {import("./outbox.js").Row} Row */
/**
 * @typedef {object} Shelf
 * @property {boolean} lasts what it keeps outlives the page
 * @property {() => Promise<Row[]>} all in the order in which they were put first
 * @property {(row: Row) => Promise<number>} put in place of the one of its number, or as a new one; returns the number
 * @property {(n: number) => Promise<void>} drop
 */

const STORE = "rows";

/** A shelf that lasts as long as the page. @implements {Shelf} */
export class MemoryShelf {
  constructor() {
    this.lasts = false;
    /** @type {Map<number, Row>} */
    this.kept = new Map();
    this.last = 0;
  }

  /** @returns {Promise<Row[]>} */
  async all() {
    return [...this.kept.values()].map((row) => structuredClone(row));
  }

  /** @param {Row} row */
  async put(row) {
    const n = row.n ?? (this.last += 1);
    this.kept.set(n, structuredClone({ ...row, n }));
    return n;
  }

  /** @param {number} n */
  async drop(n) {
    this.kept.delete(n);
  }
}

/** A shelf in IndexedDB. @implements {Shelf} */
class DatabaseShelf {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.lasts = true;
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
 * @returns {Promise<Shelf>}
 */
export async function openShelf(user, task) {
  try {
    return new DatabaseShelf(await openDatabase(`labelyard-${user}-${task}`));
  } catch {
    return new MemoryShelf();
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
