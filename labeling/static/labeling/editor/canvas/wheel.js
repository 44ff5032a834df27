// @ts-check
// The wheel zooms to the pointer, or pans where the person set that; two fingers on a trackpad pan, pinched they zoom.

/** @typedef {import("../bench.js").Bench} Bench */

const NOTCH = 0.0016;
const PINCH = 0.011;
/** A step of a mouse, in CSS pixels; fingers make smaller ones. */
const LARGE = 50;
/** CSS pixels of a line, and of a page, for wheels that count in these. */
const UNITS = [1, 16, 400];
/** Milliseconds after a sideways step in which upright steps belong to the same gesture. */
const SAME = 250;

/** @param {Bench} bench @param {HTMLElement} stage */
export function listenWheel(bench, stage) {
  const { viewport } = bench;
  let sideways = -Infinity;
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = UNITS[event.deltaMode] ?? 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      if (dx) sideways = event.timeStamp;
      const pinched = event.ctrlKey || event.metaKey;
      const pans = event.timeStamp - sideways < SAME || bench.preferences.get("wheel") === "pan";
      if (!pinched && pans) {
        viewport.panBy(-dx, -dy);
        return;
      }
      const box = stage.getBoundingClientRect();
      // A pinch comes as small steps with Ctrl; a mouse that is turned with Ctrl held makes large ones.
      const factor = Math.exp(-dy * (event.ctrlKey && Math.abs(dy) < LARGE ? PINCH : NOTCH));
      viewport.zoomAt(event.clientX - box.left, event.clientY - box.top, Math.min(Math.max(factor, 0.5), 2));
    },
    { passive: false },
  );
}
