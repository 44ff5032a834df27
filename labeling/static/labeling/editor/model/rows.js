// @ts-check
// Where rows of the outbox are kept: the browser's database, or memory where that is refused.

/** @typedef {import("./outbox.js").Row} Row */
/**
 * @typedef {object} Rows
 * @property {boolean} lasting they outlive the page
 * @property {() => Promise<Row[]>} all in the order in which they were put first
 * @property {(row: Row) => Promise<number>} put in place of the one of its id, or as a new one; returns the id
 * @property {(id: number) => Promise<void>} remove
 */

const STORE = "rows";

/** Rows in memory. @implements {Rows} */
export class MemoryRows {
  constructor() {
    this.lasting = false;
    this.next = 1;
    /** @type {Map<number, Row>} */
    this.kept = new Map();
  }

  async all() {
    return [...this.kept.values()].map((row) => structuredClone(row));
  }

  /** @param {Row} row */
  async put(row) {
    const id = row.id ?? this.next++;
    this.kept.set(id, structuredClone({ ...row, id }));
    return id;
  }

  /** @param {number} id */
  async remove(id) {
    this.kept.delete(id);
  }
}

/** Rows in IndexedDB. @implements {Rows} */
class StoredRows {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.lasting = true;
    this.database = database;
    // Another page may want to delete or upgrade it.
    database.onversionchange = () => database.close();
  }

  /** @returns {Promise<Row[]>} */
  all() {
    return done(this.rows("readonly").getAll());
  }

  /** @param {Row} row @returns {Promise<number>} */
  async put(row) {
    const { id, ...rest } = row;
    const key = await done(this.rows("readwrite").put(id === undefined ? rest : { ...rest, id }));
    return Number(key);
  }

  /** @param {number} id */
  async remove(id) {
    await done(this.rows("readwrite").delete(id));
  }

  /** @param {IDBTransactionMode} mode */
  rows(mode) {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }
}

/**
 * Open the rows of a database of the browser; where it is refused, rows in memory.
 * @param {string} name
 * @returns {Promise<Rows>}
 */
export async function openRows(name) {
  try {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    return new StoredRows(await done(opening));
  } catch {
    return new MemoryRows();
  }
}

/**
 * @template Result
 * @param {IDBRequest<Result>} request
 * @returns {Promise<Result>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's database does not answer."));
  });
}
