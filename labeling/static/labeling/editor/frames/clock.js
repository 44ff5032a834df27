// @ts-check
// Which picture is due while playing: counted along the way, round and round where a range is looped.

const LATE_SECONDS = 0.5;

export class Clock {
  /**
   * @param {{first: number, last: number, loop: boolean, start: number}} way frames that are played, inclusive
   * @param {number} rate pictures a second
   */
  constructor({ first, last, loop, start }, rate) {
    this.first = first;
    this.length = last - first + 1;
    this.loop = loop;
    this.rate = rate;
    /** Pictures from `first` to where the clock was set; it grows past `length` when it loops. */
    this.position = start - first;
    /** @type {number | null} when it was set, in milliseconds; null until the first picture is drawn */
    this.since = null;
  }

  /** The frame at a place along the way. @param {number} index */
  frameAt(index) {
    return this.first + (this.loop ? index % this.length : Math.min(index, this.length - 1));
  }

  /** The place that is due. @param {number} now milliseconds @returns {number} */
  due(now) {
    const passed = this.since === null ? 0 : ((now - this.since) / 1000) * this.rate;
    const index = Math.floor(this.position + passed);
    return this.loop ? index : Math.min(index, this.length - 1);
  }

  /** Go on from here: at another rate, or where pictures did not come. @param {number} index @param {number} now */
  set(index, now) {
    this.position = index;
    this.since = now;
  }

  /**
   * Pictures that are late are skipped; where none has come for half a second, the clock waits for them.
   * @param {number} drawn the place that was drawn last
   * @param {number} now
   */
  wait(drawn, now) {
    const most = drawn + Math.max(1, this.rate * LATE_SECONDS);
    if (this.due(now) > most) this.set(most, now);
  }

  /** The last place was drawn, and there is no way on. @param {number} drawn */
  ended(drawn) {
    return !this.loop && drawn >= this.length - 1;
  }

  /**
   * The places to fetch, soonest first. Where fetching is slower than playing, only every n-th is worth it.
   * @param {number} from
   * @param {number} count
   * @param {number} stride
   * @returns {number[]}
   */
  ahead(from, count, stride) {
    const start = Math.ceil(from / stride) * stride;
    const places = Array.from({ length: count }, (_, index) => start + index * stride);
    if (this.loop) return places.filter((index) => index < start + this.length * stride);
    const inside = places.filter((index) => index < this.length);
    if (inside.length < count && inside.at(-1) !== this.length - 1 && from < this.length) inside.push(this.length - 1);
    return inside;
  }
}
