// @ts-check
// The bar below the stage: steps, play, the number of the frame. A single picture has no use for it.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { offerFrameActions } from "./actions.js";
import { SPEEDS } from "./playback.js";
import { timeText } from "./times.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../../shared/icons.js").IconName} IconName */

/** @type {[string, IconName][]} */
const BEFORE = [["frames.first", "first"], ["frames.previous-key", "key-previous"], ["frames.back", "step-back"], ["frames.previous", "previous"]];
/** @type {[string, IconName][]} */
const AFTER = [["frames.next", "next"], ["frames.forward", "step-forward"], ["frames.next-key", "key-next"], ["frames.next-gap", "gap"], ["frames.last", "last"]];

/**
 * @param {Bench} bench
 * @param {HTMLElement} place
 */
export function offerTransport(bench, place) {
  offerFrameActions(bench);
  place.hidden = bench.facts.first === bench.facts.last;
  if (place.hidden) return;
  const play = actionButton(bench, "frames.play", "play");
  place.append(
    make("div", { class: "steps" }, ...BEFORE.map(([id, name]) => actionButton(bench, id, name)), play, ...AFTER.map(([id, name]) => actionButton(bench, id, name))),
    frameNumber(bench),
    frameTime(bench),
    damaged(bench),
    speeds(bench),
  );
  bench.on(["playing"], () => {
    play.replaceChildren(icon(bench.playing ? "pause" : "play"));
    play.setAttribute("aria-pressed", String(bench.playing));
  });
}

/**
 * @param {Bench} bench
 * @param {string} id of an action
 * @param {IconName} name
 */
function actionButton(bench, id, name) {
  const title = bench.actions.get(id)?.title ?? id;
  const button = make("button", { type: "button", class: "quiet icon", "aria-label": title, "data-action": id }, icon(name));
  const hint = () => (button.title = bench.actions.hint(id));
  bench.on(["preferences"], hint);
  hint();
  button.addEventListener("click", () => bench.actions.run(id));
  return button;
}

/** The number, which can be typed. @param {Bench} bench */
function frameNumber(bench) {
  const { first, last } = bench.facts;
  const number = make("input", { type: "number", id: "frame-number", min: String(first), max: String(last), step: "1", title: "Go to a frame (`)" });
  number.setAttribute("aria-label", "Frame");
  const write = () => {
    if (document.activeElement !== number) number.valueAsNumber = bench.playing ? bench.shown : bench.frame;
  };
  number.addEventListener("change", () => {
    if (Number.isFinite(number.valueAsNumber)) bench.go(number.valueAsNumber);
    number.valueAsNumber = bench.frame;
  });
  number.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    if (event.key === "Escape") number.valueAsNumber = bench.frame;
    // Change is told on blur; the keys are the stage's again.
    number.blur();
  });
  number.addEventListener("blur", write);
  bench.on(["frame", "shown"], write);
  write();
  return make("label", { class: "frame-number" }, number, make("span", { class: "small muted" }, `of ${first} to ${last}`));
}

/** Seconds for orientation: frames are counted, not timed. @param {Bench} bench */
function frameTime(bench) {
  const { fps } = bench.facts;
  const time = make("span", { class: "small muted frame-time", title: "About this time in the video. Frames are counted, not timed." });
  time.hidden = !fps;
  const write = () => (time.textContent = timeText(bench.shown, fps ?? 1));
  bench.on(["shown"], write);
  write();
  return time;
}

/** Said of frames that the file has only in parts. @param {Bench} bench */
function damaged(bench) {
  const said = make("span", { class: "tag warn", id: "frame-damaged", hidden: true, title: "The file is damaged here: the picture may be wrong in parts." }, "Damaged");
  bench.on(["shown"], () => {
    said.hidden = !bench.facts.damaged.some(([first, last]) => first <= bench.shown && bench.shown <= last);
  });
  return said;
}

/** @param {Bench} bench */
function speeds(bench) {
  const { playback } = bench.frames;
  const select = make("select", { id: "play-speed", "aria-label": "Speed", title: "Speed (Shift+, and Shift+.)" });
  for (const speed of SPEEDS) select.append(make("option", { value: String(speed) }, `${speed} ×`));
  const write = () => (select.value = String(playback.speed));
  select.addEventListener("change", () => playback.setSpeed(Number(select.value)));
  bench.on(["playing"], write);
  write();
  return select;
}
