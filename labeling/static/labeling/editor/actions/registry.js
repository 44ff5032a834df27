// @ts-check
// All that a person can do here: one table for keys, menus, buttons and the help.

import { chordText, normal } from "./chords.js";

/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {NonNullable<Action["menus"]>[number]} MenuName */

export class Registry {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Map<string, Action>} */
    this.actions = new Map();
    /** @type {string | null} while a mode is on, its actions get their keys before all others */
    this.mode = null;
    /** @type {import("./menu.js").MenuDetail | null} where the menu was opened that an action was chosen from */
    this.context = null;
  }

  /** Add actions; an id that is there already is a fault of the program. @param {...Action} actions */
  add(...actions) {
    for (const action of actions) {
      if (this.actions.has(action.id)) throw new Error(`There is an action ${action.id} already.`);
      this.actions.set(action.id, action);
    }
  }

  /** @param {string} id */
  get(id) {
    return this.actions.get(id);
  }

  /** All actions in the order in which they were added. @returns {Action[]} */
  all() {
    return [...this.actions.values()];
  }

  /**
   * Whether the action can be done now: true, the reason why not, or false when it means nothing here.
   * @param {string} id
   * @returns {true | string | false}
   */
  available(id) {
    const action = this.actions.get(id);
    if (!action || (action.mode && action.mode !== this.mode)) return false;
    return action.when ? action.when(this.bench) : true;
  }

  /**
   * Do it, or say why it cannot be done now.
   * @param {string} id
   * @returns {boolean} whether it was done or a reason was said
   */
  run(id) {
    const answer = this.available(id);
    if (answer === false) return false;
    const { bench } = this;
    if (answer !== true) {
      bench.say(answer, "warn");
      return true;
    }
    const failed = (/** @type {unknown} */ error) => {
      bench.say(error instanceof Error ? error.message : String(error), "bad");
      // A sentence of the API is for people; anything else is a fault that the console should keep.
      if (!(error instanceof Error && "status" in error)) console.error(error);
    };
    try {
      const done = this.actions.get(id)?.run(bench);
      if (done instanceof Promise) done.catch(failed);
    } catch (error) {
      failed(error);
    }
    return true;
  }

  /** The actions that a menu shows now, by group, each with its reason when it is greyed. @param {MenuName} name */
  inMenu(name) {
    const shown = this.all().filter((one) => one.menus?.includes(name));
    return shown
      .map((action) => ({ action, available: this.available(action.id) }))
      .filter(({ available }) => available !== false);
  }

  /** The chords of an action: the person's own, else those it came with. @param {string} id @returns {string[]} */
  chordsOf(id) {
    const own = this.bench.preferences?.get("keys")?.[id];
    return (Array.isArray(own) ? own : (this.actions.get(id)?.keys ?? [])).map(normal);
  }

  /** The actions that a chord may mean. @param {string} chord @returns {Action[]} */
  byChord(chord) {
    const wanted = normal(chord);
    return this.all().filter((one) => this.chordsOf(one.id).includes(wanted));
  }

  /**
   * What a chord does now: an action of the mode that is on, else one that can be done, else one that says why not.
   * Among several the last added: what a room adds for a state of its own stands before what holds everywhere.
   * @param {string} chord
   * @returns {Action | null}
   */
  meant(chord) {
    const open = this.byChord(chord).reverse().map((action) => ({ action, available: this.available(action.id) }));
    const found = open.find(({ action, available }) => action.mode && available !== false)
      ?? open.find(({ available }) => available === true)
      ?? open.find(({ available }) => available !== false);
    return found?.action ?? null;
  }

  /** Other actions that a chord would run too; actions of different modes do not meet. @param {string} id @param {string} chord */
  conflicts(id, chord) {
    const mode = this.actions.get(id)?.mode;
    return this.byChord(chord).filter((one) => one.id !== id && one.mode === mode);
  }

  /** What the action is called now: of several objects it may be another name. @param {string} id */
  titleOf(id) {
    const action = this.actions.get(id);
    return action?.named?.(this.bench) ?? action?.title ?? id;
  }

  /** The action's title with its key, for the tip of a button. @param {string} id @param {string} [title] */
  hint(id, title = this.titleOf(id)) {
    const [chord] = this.chordsOf(id);
    return chord === undefined ? title : `${title} (${chordText(chord)})`;
  }
}
