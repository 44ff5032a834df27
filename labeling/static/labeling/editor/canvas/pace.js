// @ts-check
// How fast this machine paints. Painting is recorded at once and carried out when the script has ended; the time
// between the two tells what a corner costs.

const FIRST_GUESS = 0.0006;
const LEAST = 0.00002;
const MOST = 0.01;

export class Pace {
  constructor() {
    /** Milliseconds a corner. */
    this.rate = FIRST_GUESS;
  }

  /** @param {number} weight in corners @returns {number} milliseconds */
  cost(weight) {
    return weight * this.rate;
  }

  /** @param {number} weight that was painted @param {number} spent milliseconds */
  learn(weight, spent) {
    if (weight < 1000) return;
    const measured = Math.min(Math.max(spent / weight, LEAST), MOST);
    this.rate += (measured - this.rate) * 0.3;
  }
}
