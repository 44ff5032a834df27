// @ts-check
// The keyboard. Keys are matched by their place (`event.code`): Option and a letter type symbols on a Mac.

import { byId } from "../shared/dom.js";

/** @typedef {import("./bench.js").Bench} Bench */

/**
 * @typedef {object} Actions
 * @property {(by: number) => void} step
 * @property {(tool: "select" | "draw") => void} use
 * @property {(number: number) => void} classNumber from 1
 * @property {() => void} absent
 * @property {(direction: "forwards" | "backwards") => void} track
 * @property {(decision: string) => void} decide
 * @property {() => void} undo
 * @property {() => void} escape
 */

/** @param {Actions} actions */
export function listenKeys(actions) {
  const help = byId("help", HTMLDialogElement);
  byId("show-help").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || typing(event) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      help.showModal();
      event.preventDefault();
    } else if (act(event, actions)) {
      event.preventDefault();
    }
  });
}

/** @param {KeyboardEvent} event */
function typing(event) {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  const slides = target instanceof HTMLInputElement && ["range", "checkbox"].includes(target.type);
  return !slides && target.matches("input, textarea, select");
}

/**
 * @param {KeyboardEvent} event
 * @param {Actions} actions
 * @returns {boolean} whether the key means something here
 */
function act(event, actions) {
  const command = event.ctrlKey || event.metaKey;
  if (command) return event.code === "KeyZ" && !event.shiftKey && done(actions.undo);
  if (event.shiftKey) return withShift(event, actions);
  if (event.altKey) return false;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit) return done(() => actions.classNumber(Number(digit)));
  switch (event.code) {
    case "KeyD": return done(() => actions.step(-1));
    case "KeyF": return done(() => actions.step(1));
    case "KeyC": return done(() => actions.step(-10));
    case "KeyV": return done(() => actions.step(10));
    case "KeyS": return done(() => actions.use("select"));
    case "KeyW": return done(() => actions.use("draw"));
    case "Delete":
    case "Backspace": return done(actions.absent);
    case "Escape": return done(actions.escape);
    default: return false;
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {Actions} actions
 */
function withShift(event, actions) {
  if (event.code === "KeyT") return done(() => actions.track(event.altKey ? "backwards" : "forwards"));
  if (event.altKey) return false;
  if (event.code === "Enter") return done(() => actions.decide("accepted"));
  if (event.code === "Backspace") return done(() => actions.decide("rejected"));
  return false;
}

/** @param {() => void} run */
function done(run) {
  run();
  return true;
}
