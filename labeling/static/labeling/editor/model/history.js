// @ts-check
// What this person did and took back, in order. Pure.

/**
 * A step of undo: an edit by its key, or a run by its id.
 * @typedef {{kind: "edit", key: string, title: string} | {kind: "job", id: number, title: string}} Step
 */

const KEPT = 500;

export class History {
  constructor() {
    /** @type {Step[]} the newest last */
    this.done = [];
    /** @type {Step[]} the one to be redone first last */
    this.undone = [];
  }

  get undoable() {
    return this.done.at(-1) ?? null;
  }

  get redoable() {
    return this.undone.at(-1) ?? null;
  }

  /** Something was done: what was taken back before cannot be redone after it. @param {Step} step */
  push(step) {
    this.done.push(step);
    if (this.done.length > KEPT) this.done.shift();
    this.undone = [];
  }

  /** The step last done was taken back. @returns {Step | null} */
  undo() {
    return carry(this.done, this.undone);
  }

  /** The step last taken back was done again. @returns {Step | null} */
  redo() {
    return carry(this.undone, this.done);
  }

  /** It is no more: it was refused. @param {string} key of an edit */
  drop(key) {
    const other = (/** @type {Step} */ step) => step.kind !== "edit" || step.key !== key;
    this.done = this.done.filter(other);
    this.undone = this.undone.filter(other);
  }

  /**
   * An edit was undone or redone otherwise than by undo() and redo(): by what an earlier page left to be sent.
   * @param {"undo" | "redo"} way @param {Step} step
   */
  note(way, step) {
    const is = (/** @type {Step} */ one) => one.kind === "edit" && step.kind === "edit" && one.key === step.key;
    this.done = this.done.filter((one) => !is(one));
    this.undone = this.undone.filter((one) => !is(one));
    (way === "undo" ? this.undone : this.done).push(step);
  }

  /**
   * Begin with what the server remembers. Edits undone before the last one that holds cannot be redone.
   * @param {{key: string, title: string, undone: boolean}[]} edits the newest first
   */
  recall(edits) {
    const steps = edits.map(({ key, title, undone }) => ({ undone, step: /** @type {Step} */ ({ kind: "edit", key, title }) }));
    const known = new Set([...this.done, ...this.undone].map((one) => (one.kind === "edit" ? one.key : "")));
    const fresh = steps.filter(({ step }) => step.kind === "edit" && !known.has(step.key));
    const holding = fresh.findIndex(({ undone }) => !undone);
    const after = holding === -1 ? fresh : fresh.slice(0, holding);
    if (!this.done.length && !this.undone.length) this.undone = after.map(({ step }) => step);
    this.done = [...fresh.filter(({ undone }) => !undone).map(({ step }) => step).reverse(), ...this.done];
  }
}

/** @param {Step[]} from @param {Step[]} to */
function carry(from, to) {
  const step = from.pop() ?? null;
  if (step) to.push(step);
  return step;
}
