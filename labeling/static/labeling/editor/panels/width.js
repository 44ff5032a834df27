// @ts-check
// The border of the panels on the right: dragged, or moved by arrow keys; the width is remembered.

import { make } from "../../shared/dom.js";

const PLACE = "labelyard.right";
const LEAST = 280;
const STEP = 24;
/** The frame keeps at least this much of the window. */
const FRAME = 480;

export function offerWidth() {
  const side = document.querySelector(".right");
  const bench = document.querySelector(".bench");
  if (!(side instanceof HTMLElement) || !(bench instanceof HTMLElement)) return;
  const handle = make("div", { class: "resize", role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": "Width of the panels", "aria-controls": "objects" });
  side.prepend(handle);
  const say = () => {
    const most = Math.max(LEAST, innerWidth - FRAME);
    const width = Math.round(side.getBoundingClientRect().width);
    for (const [name, value] of Object.entries({ "aria-valuenow": width, "aria-valuemin": LEAST, "aria-valuemax": most })) handle.setAttribute(name, String(value));
  };
  const set = (/** @type {number} */ wanted) => {
    const width = Math.round(Math.min(Math.max(wanted, LEAST), Math.max(LEAST, innerWidth - FRAME)));
    bench.style.setProperty("--right", `${width}px`);
    say();
    remember(width);
  };
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && set(innerWidth - event.clientX));
  handle.addEventListener("dblclick", () => {
    bench.style.removeProperty("--right");
    say();
    remember(null);
  });
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.code];
    if (by === undefined) return;
    event.preventDefault();
    set(side.getBoundingClientRect().width + by);
  });
  const before = remembered();
  if (before) set(before);
  else say();
}

/** @param {number | null} width */
function remember(width) {
  try {
    if (width === null) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, String(width));
  } catch {
    // Not remembered then.
  }
}

function remembered() {
  try {
    return Number(localStorage.getItem(PLACE));
  } catch {
    return 0;
  }
}
