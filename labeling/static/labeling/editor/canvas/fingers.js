// @ts-check
// Two fingers on a touch screen pan and zoom at once; one is the tool's.

/** @typedef {import("../bench.js").Bench} Bench */

/**
 * @param {Bench} bench
 * @param {import("./pointer.js").Pointing} pointing
 */
export function listenFingers(bench, pointing) {
  const { stage } = pointing;
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();

  /** @param {PointerEvent} event */
  const place = ({ clientX, clientY }) => {
    const box = stage.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  };
  const spread = () => {
    const [one, other] = [...fingers.values()];
    if (!one || !other) return null;
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, apart: Math.hypot(one.x - other.x, one.y - other.y) };
  };

  stage.addEventListener(
    "pointerdown",
    (event) => {
      if (event.pointerType !== "touch") return;
      fingers.set(event.pointerId, place(event));
      if (fingers.size < 2) return;
      pointing.abandon();
      event.stopImmediatePropagation();
    },
    true,
  );
  stage.addEventListener(
    "pointermove",
    (event) => {
      if (!fingers.has(event.pointerId)) return;
      const before = spread();
      fingers.set(event.pointerId, place(event));
      const now = spread();
      if (!before || !now) return;
      event.stopImmediatePropagation();
      bench.viewport.panBy(now.x - before.x, now.y - before.y);
      bench.viewport.zoomAt(now.x, now.y, now.apart / Math.max(1, before.apart));
    },
    true,
  );
  const lift = (/** @type {PointerEvent} */ event) => fingers.delete(event.pointerId);
  stage.addEventListener("pointerup", lift, true);
  stage.addEventListener("pointercancel", lift, true);
}
