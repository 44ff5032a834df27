// @ts-check
// Which part of the frame the stage shows. Pure arithmetic and two events; it touches no element.

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").Rect} Rect */
/** @typedef {{scale: number, left: number, top: number}} View CSS pixels per frame pixel, and where the frame begins in the stage */

export const SCALE_MIN = 0.02;
export const SCALE_MAX = 64;
/** Milliseconds after the last step of a gesture at which all is drawn anew. */
const SETTLE_MS = 80;
/** CSS pixels that stay free around a fitted frame. */
const MARGIN = 16;
/** CSS pixels of the frame that stay in the stage however far it is panned. */
const GRIP = 48;

/**
 * The part of the frame that is seen. Event "change" follows each step of a gesture, "settle" its end.
 */
export class Viewport extends EventTarget {
  constructor() {
    super();
    this.scale = 1;
    this.left = 0;
    this.top = 0;
    /** CSS pixels of the stage. */
    this.width = 1;
    this.height = 1;
    /** Pixels of the frame. */
    this.frameWidth = 1;
    this.frameHeight = 1;
    /** The whole frame is fitted in, and stays so when the stage changes its size. */
    this.fitted = true;
    /** A gesture is under way: "settle" is still to come. */
    this.moving = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** The three numbers as they are now. @returns {View} */
  get view() {
    return { scale: this.scale, left: this.left, top: this.top };
  }

  /** @param {number} sx @param {number} sy @returns {Point} pixels of the frame, which may lie outside of it */
  toFrame(sx, sy) {
    return [(sx - this.left) / this.scale, (sy - this.top) / this.scale];
  }

  /** @param {number} x @param {number} y @returns {Point} CSS pixels of the stage */
  toScreen(x, y) {
    return [x * this.scale + this.left, y * this.scale + this.top];
  }

  /** What the stage shows, in pixels of the frame; it may reach over the frame's edges. @returns {Rect} */
  get visible() {
    const [left, top] = this.toFrame(0, 0);
    return { left, top, width: this.width / this.scale, height: this.height / this.scale };
  }

  /** The stage has this size now: what was in its middle stays there. @param {number} width @param {number} height */
  resize(width, height) {
    if (width === this.width && height === this.height) return;
    const [x, y] = this.toFrame(this.width / 2, this.height / 2);
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    if (this.fitted) this.fit();
    else this.centre([x, y], this.scale);
  }

  /** The frame has this size now; another one than before is fitted in. @param {number} width @param {number} height */
  setFrame(width, height) {
    if (width === this.frameWidth && height === this.frameHeight) return;
    this.frameWidth = width;
    this.frameHeight = height;
    this.fit();
  }

  /**
   * Zoom by `factor`; the frame's point under the stage's point (sx, sy) stays where it is.
   * @param {number} sx
   * @param {number} sy
   * @param {number} factor
   */
  zoomAt(sx, sy, factor) {
    const [x, y] = this.toFrame(sx, sy);
    const scale = clip(this.scale * factor, SCALE_MIN, SCALE_MAX);
    if (scale === this.scale) return;
    this.move({ scale, left: sx - x * scale, top: sy - y * scale });
  }

  /** @param {number} dx @param {number} dy CSS pixels */
  panBy(dx, dy) {
    if (dx || dy) this.move({ scale: this.scale, left: this.left + dx, top: this.top + dy });
  }

  /** Show the whole frame. */
  fit() {
    const [wide, high] = [Math.max(1, this.width - 2 * MARGIN), Math.max(1, this.height - 2 * MARGIN)];
    const scale = Math.min(wide / this.frameWidth, high / this.frameHeight);
    this.centre([this.frameWidth / 2, this.frameHeight / 2], scale);
    this.fitted = true;
  }

  /** One pixel of the frame for one CSS pixel; the middle stays. */
  actual() {
    this.centre(this.toFrame(this.width / 2, this.height / 2), 1);
  }

  /**
   * Show this part of the frame.
   * @param {Rect} rect pixels of the frame
   * @param {number} [margin] as a share of the rectangle, on each side
   */
  fitRect({ left, top, width, height }, margin = 0.3) {
    const share = 1 + 2 * margin;
    const wide = this.width / Math.max(1, width * share);
    const high = this.height / Math.max(1, height * share);
    this.centre([left + width / 2, top + height / 2], Math.min(wide, high));
  }

  /** Put this point of the frame in the middle, at this scale, at once. @param {Point} point @param {number} scale */
  centre([x, y], scale) {
    const clipped = clip(scale, SCALE_MIN, SCALE_MAX);
    this.move({ scale: clipped, left: this.width / 2 - x * clipped, top: this.height / 2 - y * clipped });
    this.settle();
  }

  /** @param {View} view */
  move({ scale, left, top }) {
    this.scale = scale;
    this.left = held(left, this.frameWidth * scale, this.width);
    this.top = held(top, this.frameHeight * scale, this.height);
    this.fitted = false;
    this.moving = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), SETTLE_MS);
    this.dispatchEvent(new Event("change"));
  }

  /** The gesture is over. */
  settle() {
    clearTimeout(this.timer);
    if (!this.moving) return;
    this.moving = false;
    // Whole device pixels: a picture at 1:1 is not blurred by lying between two of them.
    const dots = globalThis.devicePixelRatio || 1;
    this.left = Math.round(this.left * dots) / dots;
    this.top = Math.round(this.top * dots) / dots;
    this.dispatchEvent(new Event("settle"));
  }
}

/** @param {number} value @param {number} least @param {number} most */
function clip(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/**
 * Keep at least a grip of the frame in the stage.
 * @param {number} start
 * @param {number} length of the frame in the stage
 * @param {number} room of the stage
 */
function held(start, length, room) {
  const grip = Math.min(GRIP, length, room);
  return clip(start, grip - length, room - grip);
}
