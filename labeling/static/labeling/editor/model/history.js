// @ts-check
// What this person did, in order, and how much of it is undone. Pure.

/** @typedef {import("./world.js").Patch} Patch */
/**
 * @typedef {object} Step
 * @property {"edit" | "job"} kind
 * @property {string} key of the edit; of a job its number
 * @property {string} title
 * @property {boolean} undone
 * @property {number | null} seq of the edit, once the server has it
 * @property {Patch | null} patch what the edit replaced here; null for one of an earlier page
 */

const STEPS_MAX = 200;

export class History {
  constructor() {
    /** @type {Step[]} the oldest first; what is undone lies at the end */
    this.steps = [];
  }

  /** Something was done: what was undone before it cannot come back. @param {Step} step */
  push(step) {
    this.steps = [...this.steps.filter((one) => !one.undone), step].slice(-STEPS_MAX);
  }

  /** What an earlier page did lies before everything done here. @param {Step[]} steps the oldest first */
  load(steps) {
    const known = new Set(this.steps.map((one) => one.key));
    const before = steps.filter((one) => !known.has(one.key));
    this.steps = ordered([...before, ...this.steps]);
  }

  /** It was undone or redone otherwise than from here. @param {string} key @param {boolean} undone */
  mark(key, undone) {
    const step = this.step(key);
    if (step) step.undone = undone;
    this.steps = ordered(this.steps);
  }

  /** It is done once more, and the last that was; what is undone can come back still. @param {Step} step */
  insert(step) {
    const undone = this.steps.filter((one) => one.undone);
    this.steps = [...this.steps.filter((one) => !one.undone), { ...step, undone: false }, ...undone].slice(-STEPS_MAX);
  }

  /** @returns {Step | null} what undo would take back */
  get undoable() {
    return this.steps.filter((one) => !one.undone).at(-1) ?? null;
  }

  /** @returns {Step | null} what redo would bring back */
  get redoable() {
    return this.steps.find((one) => one.undone) ?? null;
  }

  /** @param {string} key */
  step(key) {
    return this.steps.find((one) => one.key === key);
  }

  /** It was refused: it never happened. @param {string} key */
  forget(key) {
    this.steps = this.steps.filter((one) => one.key !== key);
  }
}

/**
 * Undone steps at the end. One that was undone and then followed by something else cannot come back.
 * @param {Step[]} steps
 */
function ordered(steps) {
  const last = steps.map((one) => one.undone).lastIndexOf(false);
  return [...steps.slice(0, last + 1).filter((one) => !one.undone), ...steps.slice(last + 1)];
}
