// @ts-check
// A panel that is dragged by its head, within what holds it.

/** @param {HTMLElement} panel @param {HTMLElement} head */
export function movable(panel, head) {
  /** @type {{x: number, y: number} | null} from the pointer to the panel's corner */
  let held = null;
  head.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button"))) return;
    event.preventDefault();
    head.setPointerCapture(event.pointerId);
    held = { x: event.clientX - panel.offsetLeft, y: event.clientY - panel.offsetTop };
  });
  head.addEventListener("pointermove", (event) => {
    const room = panel.offsetParent;
    if (!held || !room) return;
    const clip = (/** @type {number} */ at, /** @type {number} */ most) => `${Math.min(Math.max(at, 0), Math.max(most, 0))}px`;
    panel.classList.add("is-moved");
    panel.style.left = clip(event.clientX - held.x, room.clientWidth - panel.offsetWidth);
    panel.style.top = clip(event.clientY - held.y, room.clientHeight - panel.offsetHeight);
  });
  for (const over of ["pointerup", "pointercancel"]) head.addEventListener(over, () => (held = null));
}
