// @ts-check
// Decoded pictures, one a frame, kept up to a number of bytes: those farthest from where we are go first.

const BYTES_A_PIXEL = 4;

/** @typedef {{width: number, height: number, close(): void}} Picture an ImageBitmap, as far as keeping it goes */

/** @template {Picture} [P=ImageBitmap] */
export class Pictures {
  /** @param {number} bytesMax */
  constructor(bytesMax) {
    this.bytesMax = bytesMax;
    this.bytes = 0;
    /** @type {Map<number, {asked: number, picture: P}>} `asked`: the width that was asked for, Infinity for the whole */
    this.kept = new Map();
    /** @type {P | null} on the stage: it outlives its place here */
    this.held = null;
  }

  /**
   * Return the picture of a frame if it is kept and at least as wide as `width` asks (null: the frame's own).
   * @param {number} frame
   * @param {number | null} width
   * @returns {P | null}
   */
  get(frame, width) {
    const found = this.kept.get(frame);
    return found && found.asked >= (width ?? Infinity) ? found.picture : null;
  }

  /** The picture of a frame in whatever width it is kept. @param {number} frame @returns {P | null} */
  any(frame) {
    return this.kept.get(frame)?.picture ?? null;
  }

  /**
   * Keep a picture, and let others go until all fit.
   * @param {number} frame
   * @param {number | null} width that was asked for
   * @param {P} picture
   * @param {number} near frame from which distances count
   */
  put(frame, width, picture, near) {
    this.drop(frame);
    this.kept.set(frame, { asked: width ?? Infinity, picture });
    this.bytes += size(picture);
    while (this.bytes > this.bytesMax && this.kept.size > 1) this.drop(this.farthest(near));
  }

  /** The picture on the stage: not closed before another one is. @param {P | null} picture */
  hold(picture) {
    const before = this.held;
    this.held = picture;
    if (before && before !== picture && ![...this.kept.values()].some((one) => one.picture === before)) before.close();
  }

  clear() {
    for (const frame of [...this.kept.keys()]) this.drop(frame);
  }

  /** @param {number} frame */
  drop(frame) {
    const found = this.kept.get(frame);
    if (!found) return;
    this.kept.delete(frame);
    this.bytes -= size(found.picture);
    if (found.picture !== this.held) found.picture.close();
  }

  /** @param {number} near @returns {number} */
  farthest(near) {
    let worst = near;
    for (const frame of this.kept.keys()) if (Math.abs(frame - near) >= Math.abs(worst - near)) worst = frame;
    return worst;
  }
}

/** @param {Picture} picture */
function size(picture) {
  return picture.width * picture.height * BYTES_A_PIXEL;
}
