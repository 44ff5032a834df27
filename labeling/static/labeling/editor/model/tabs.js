// @ts-check
// Which page of the browser sends what: each sends its own changes, and those of pages that are no more.

import { newUuid } from "./uuid.js";

const PLACE = "labelyard.tab";
const LOCK = "labelyard-tab-";

export class Tab {
  constructor() {
    /** A reloaded page is the same one. */
    this.id = remembered() ?? newUuid();
  }

  /** Hold this page's name for as long as it lives. A page that was duplicated gets a name of its own. */
  async open() {
    if (navigator.locks && !(await hold(this.id))) {
      this.id = newUuid();
      await hold(this.id);
    }
    remember(this.id);
  }

  /** The pages that live, this one included. Nothing is known of them where the browser has no locks. */
  async living() {
    const held = navigator.locks ? ((await navigator.locks.query()).held ?? []) : [];
    const names = held.map(({ name = "" }) => name).filter((name) => name.startsWith(LOCK));
    return new Set([this.id, ...names.map((name) => name.slice(LOCK.length))]);
  }

  /**
   * Do something that one page does at a time.
   * @template Result
   * @param {string} name @param {() => Promise<Result>} step
   * @returns {Promise<Result>}
   */
  async alone(name, step) {
    return navigator.locks ? navigator.locks.request(`labelyard-${name}`, step) : step();
  }
}

/** @param {string} id @returns {Promise<boolean>} whether nobody else has it */
function hold(id) {
  return new Promise((resolve) => {
    const taken = navigator.locks.request(LOCK + id, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      // Kept until the page is no more.
      return lock ? new Promise(() => {}) : undefined;
    });
    taken.catch(() => resolve(true));
  });
}

function remembered() {
  try {
    return sessionStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

/** @param {string} id */
function remember(id) {
  try {
    sessionStorage.setItem(PLACE, id);
  } catch {
    // A browser that keeps nothing: what this page leaves is taken over as that of a page that is no more.
  }
}
