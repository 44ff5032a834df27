// @ts-check
// Going through the frames: what can be done, by key, button and menu.

import { byId } from "../../shared/dom.js";
import { nextChange, nextGap, nextKey } from "../timeline/finding.js";
import { SPEEDS } from "./playback.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../timeline/finding.js").Direction} Direction */
/** @typedef {Pick<Action, "id" | "title" | "keys"> & Partial<Action>} Offer */

/** @param {Bench} bench */
export function offerFrameActions(bench) {
  if (bench.facts.first === bench.facts.last) return;
  const offers = [...stepping(bench), ...seeking(bench), ...playing(bench)];
  bench.actions.add(...offers.map((one) => /** @type {Action} */ ({ group: "Frames", ...one })));
}

/** @param {Bench} bench @returns {Offer[]} */
function stepping(bench) {
  /** @param {number} by */
  const go = (by) => () => bench.go(bench.frame + by);
  const step = () => Math.max(1, Number(bench.preferences.get("step")) || 10);
  const unselected = () => bench.selection.size === 0;
  return [
    { id: "frames.previous", title: "Previous frame", keys: ["KeyD"], repeats: true, run: go(-1) },
    { id: "frames.next", title: "Next frame", keys: ["KeyF"], repeats: true, run: go(1) },
    { id: "frames.back", title: "Several frames back", keys: ["KeyC"], repeats: true, run: () => go(-step())() },
    { id: "frames.forward", title: "Several frames on", keys: ["KeyV"], repeats: true, run: () => go(step())() },
    // With an object selected, the arrows move that.
    { id: "frames.arrow-previous", title: "Previous frame, with nothing selected", keys: ["ArrowLeft"], repeats: true, when: unselected, run: go(-1) },
    { id: "frames.arrow-next", title: "Next frame, with nothing selected", keys: ["ArrowRight"], repeats: true, when: unselected, run: go(1) },
    { id: "frames.first", title: "First frame", keys: ["Home"], run: () => bench.go(bench.facts.first) },
    { id: "frames.last", title: "Last frame", keys: ["End"], run: () => bench.go(bench.facts.last) },
    { id: "frames.go", title: "Go to a frame by its number", keys: ["Backquote"], run: () => byId("frame-number", HTMLInputElement).select() },
  ];
}

/** @param {Bench} bench @returns {Offer[]} */
function seeking(bench) {
  /** @param {string} what @param {number | null} frame */
  const go = (what, frame) => (frame === null ? bench.say(`There is no ${what} from here.`) : bench.go(frame));
  /** @param {Direction} by */
  const key = (by) => () => go(by > 0 ? "later key frame" : "earlier key frame", nextKey(bench.tracks.chosen(), bench.frame, by));
  /** @param {Direction} by */
  const gap = (by) => () => go(by > 0 ? "later gap" : "earlier gap", nextGap(bench.tracks.chosen(), bench.frame, by, bench.facts));
  /** @param {Direction} by */
  const change = (by) => () => go(by > 0 ? "later change" : "earlier change", nextChange(bench.tracks.chosen(), bench.frame, by, bench.facts));
  return [
    { id: "frames.previous-key", title: "Previous key frame", keys: ["KeyE"], menus: ["timeline"], run: key(-1) },
    { id: "frames.next-key", title: "Next key frame", keys: ["KeyR"], menus: ["timeline"], run: key(1) },
    { id: "frames.previous-change", title: "Previous change of labels", keys: ["Shift+KeyE"], run: change(-1) },
    { id: "frames.next-change", title: "Next change of labels", keys: ["Shift+KeyR"], run: change(1) },
    { id: "frames.previous-gap", title: "Previous gap without labels", keys: ["Shift+Alt+KeyG"], run: gap(-1) },
    { id: "frames.next-gap", title: "Next gap without labels", keys: ["Shift+KeyG"], run: gap(1) },
  ];
}

/** @param {Bench} bench @returns {Offer[]} */
function playing(bench) {
  const { playback } = bench.frames;
  /** @param {number} by */
  const speed = (by) => () => playback.setSpeed(SPEEDS[SPEEDS.indexOf(playback.speed) + by] ?? playback.speed);
  return [
    { id: "frames.play", title: "Play or pause", keys: ["Space"], run: () => playback.toggle() },
    { id: "frames.slower", title: "Play slower", keys: ["Shift+Comma"], run: speed(-1) },
    { id: "frames.faster", title: "Play faster", keys: ["Shift+Period"], run: speed(1) },
  ];
}
