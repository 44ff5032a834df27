// @ts-check
// The same gestures for every painter: one step a repaint, each marked for the trace.

export const STEPS = 150;

/**
 * @typedef {object} Painter
 * @property {(dx: number, dy: number) => void} pan CSS pixels
 * @property {(x: number, y: number, factor: number) => void} zoom at a point of the stage
 * @property {(number: number) => void} [take] begin to drag this polygon
 * @property {(dx: number, dy: number) => void} [drag] pixels of the frame, from where it was taken
 * @property {() => void} rest the gesture is over
 */

const repaint = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** @param {(step: number) => void} act */
async function steps(act) {
  for (let step = 0; step < STEPS; step += 1) {
    await repaint();
    performance.mark("step");
    act(step);
  }
  await repaint();
  performance.mark("end");
}

/** @param {Painter} painter @param {"pan" | "zoom" | "drag"} name */
export async function gesture(painter, name) {
  if (name === "pan") await steps((step) => painter.pan(9 * Math.cos(step / 12), 6 * Math.sin(step / 9)));
  if (name === "zoom") await steps((step) => painter.zoom(700, 400, 1 + 0.06 * Math.sin(step / 12)));
  if (name === "drag") {
    painter.take?.(1000);
    await steps((step) => painter.drag?.(120 * Math.sin(step / 15), 80 * Math.cos(step / 15) - 80));
  }
  painter.rest();
}

/** Make the gestures callable from outside. @param {Painter} painter */
export function offer(painter) {
  Object.assign(window, { gesture: (/** @type {"pan" | "zoom" | "drag"} */ name) => gesture(painter, name), ready: true });
}
