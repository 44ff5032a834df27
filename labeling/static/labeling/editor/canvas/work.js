// @ts-check
// Long work in slices: so much a repaint, so that a gesture is never held up.

/** @typedef {Generator<number, void, void>} Steps work that pauses after each small piece, and says what that will cost later, in milliseconds */

/** Runs one piece of work at a time, a slice each animation frame; a newer piece takes the place of an older one. */
export class Work {
  constructor() {
    /** @type {Steps | null} */
    this.steps = null;
  }

  get busy() {
    return this.steps !== null;
  }

  /** @param {Steps} steps what was begun before is dropped */
  begin(steps) {
    this.steps = steps;
  }

  drop() {
    this.steps = null;
  }

  /**
   * Go on for so long; at least one step is taken.
   * @param {number} budget milliseconds, now and later
   * @returns {boolean} true when all is done
   */
  advance(budget) {
    const { steps } = this;
    if (!steps) return true;
    const start = performance.now();
    let [done, later] = [false, 0];
    do {
      const step = steps.next();
      done = step.done === true;
      later += step.value || 0;
    } while (!done && performance.now() - start + later < budget);
    if (done && this.steps === steps) this.steps = null;
    return done;
  }
}
