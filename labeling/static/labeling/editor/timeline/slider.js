// @ts-check
// The timeline by keyboard and screen reader: a slider over the frames.

import { frameText } from "./rows.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./sheet.js").Sheet} Sheet */

const PAGE = 10;
const ZOOM = 1.5;

/** @param {Bench} bench @param {Sheet} sheet */
export function actAsSlider(bench, sheet) {
  const { body } = sheet;
  const { first, last } = bench.facts;
  const fixed = { role: "slider", "aria-label": "Timeline", "aria-orientation": "horizontal", "aria-valuemin": String(first), "aria-valuemax": String(last) };
  for (const [name, value] of Object.entries(fixed)) body.setAttribute(name, value);
  body.title = "Arrows step, with Shift they choose a range; + and − zoom, Escape lets the range go";
  const write = () => {
    body.setAttribute("aria-valuenow", String(sheet.frame));
    body.setAttribute("aria-valuetext", frameText(bench, sheet.frame, bench.primary));
  };
  bench.on(["frame", "shown", "selection", "tracks"], write);
  write();
  body.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !press(bench, sheet, event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** @param {Bench} bench @param {Sheet} sheet @param {KeyboardEvent} event @returns {boolean} whether it means something here */
function press(bench, sheet, event) {
  const frame = wanted(bench, event.key);
  if (frame !== null) {
    if (event.shiftKey) stretch(bench, frame);
    bench.go(frame);
    return true;
  }
  return zoom(sheet, event.key) || letGo(bench, event.key);
}

/** @param {Bench} bench @param {string} key @returns {number | null} the frame that the key leads to */
function wanted({ facts, frame }, key) {
  /** @type {Record<string, number>} */
  const places = {
    ArrowLeft: frame - 1, ArrowDown: frame - 1, ArrowRight: frame + 1, ArrowUp: frame + 1,
    PageDown: frame - PAGE, PageUp: frame + PAGE, Home: facts.first, End: facts.last,
  };
  return places[key] ?? null;
}

/** The end of the range that is at the frame moves along; the other end stays. @param {Bench} bench @param {number} frame */
function stretch(bench, frame) {
  const { range, frame: here } = bench;
  const from = range?.[0] === here ? range[1] : range?.[1] === here ? range[0] : here;
  bench.setRange([from, bench.clip(frame)]);
}

/** @param {Sheet} sheet @param {string} key */
function zoom(sheet, key) {
  if (!["+", "=", "-", "0"].includes(key)) return false;
  if (key === "0") sheet.scale.fit();
  else sheet.scale.zoomAt(sheet.scale.middle(sheet.frame), key === "-" ? 1 / ZOOM : ZOOM);
  sheet.draw();
  return true;
}

/** @param {Bench} bench @param {string} key */
function letGo(bench, key) {
  if (key !== "Escape" || !bench.range) return false;
  bench.setRange(null);
  return true;
}
