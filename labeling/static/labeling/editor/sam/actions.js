// @ts-check
// What SAM mode lets a person do by key, menu and button.

import { atStage } from "../tools/nudge.js";
import { anySegmentable } from "./segmentable.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../jobs/form.js").Direction} Direction */
/** @typedef {import("./sam.js").Sam} Sam */
/** @typedef {import("./trackpart.js").TrackPart} TrackPart */

/** @param {Bench} bench @param {Sam} sam @param {TrackPart} tracking @returns {Action[]} */
export function samActions(bench, sam, tracking) {
  const toggle = () => bench.use(sam.on ? "select" : "sam");
  const track = (/** @type {Direction} */ direction) => ({
    // Without a draft the key tracks what is selected.
    when: () => sam.draft !== null && tracking.tracks.available(direction),
    run: () => tracking.start(direction),
  });
  return [
    ...aiming(sam),
    { id: "sam.toggle", title: "SAM mode: toggle auto-annotation", group: "Tools", keys: ["Shift+KeyA"], when: () => sam.on || anySegmentable(bench), run: toggle },
    { id: "sam.save", title: "Save what SAM found, and what is tracked from it", group: "Tools", keys: ["Enter"], when: () => sam.draft !== null || tracking.tracks.run !== null, run: () => void sam.save() },
    { id: "sam.track-forwards", title: "Save the draft and track it forwards", group: "Tools", keys: ["Shift+KeyT"], ...track("forwards") },
    { id: "sam.track-backwards", title: "Save the draft and track it backwards", group: "Tools", keys: ["Shift+Alt+KeyT"], ...track("backwards") },
  ];
}

/** @type {[string, string, import("../types.js").Point][]} key, name, direction */
const ARROWS = [
  ["ArrowLeft", "left", [-1, 0]],
  ["ArrowRight", "right", [1, 0]],
  ["ArrowUp", "up", [0, -1]],
  ["ArrowDown", "down", [0, 1]],
];

/** Pointing by keys, in SAM mode only: the crosshair comes with the first arrow. @param {Sam} sam @returns {Action[]} */
function aiming(sam) {
  const { aim } = sam;
  const group = "Tools";
  const can = () => sam.on && sam.kind === "one" && atStage();
  const shown = () => can() && aim.at !== null;
  return [
    ...ARROWS.flatMap(([key, name, by]) => /** @type {Action[]} */ ([
      { id: `sam.${name}`, title: `SAM mode: crosshair ${name}`, group, keys: [key], repeats: true, when: can, run: () => aim.move(by, false) },
      { id: `sam.${name}.far`, title: `SAM mode: crosshair far ${name}`, group, keys: [`Shift+${key}`], repeats: true, when: can, run: () => aim.move(by, true) },
    ])),
    { id: "sam.include", title: "Include what is at the crosshair", group, keys: ["Space"], when: shown, run: () => aim.click(true) },
    { id: "sam.exclude", title: "Exclude what is at the crosshair", group, keys: ["KeyX"], when: shown, run: () => aim.click(false) },
    { id: "sam.span", title: "Begin a box at the crosshair, or end it there", group, keys: ["KeyB"], when: shown, run: () => aim.span() },
  ];
}
