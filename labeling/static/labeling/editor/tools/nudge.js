// @ts-check
// Moving, resizing and turning by keys.

import { inside } from "../geometry/points.js";
import { bounds, move, scale, turn, turns } from "../geometry/shapes.js";
import { vertices, samePath, withVertex } from "../geometry/vertices.js";
import { frameSize, heldLabel, selectedLabels } from "./guard.js";
import { movable, together } from "./select/gestures.js";
import { keepChanged } from "./subject.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("./grips.js").Grips} Grips */
/** @typedef {import("./guard.js").Held} Held */

/** @type {[string, string, Point, string][]} key, name, direction, what it does to the size */
const ARROWS = [
  ["ArrowLeft", "left", [-1, 0], "narrower"],
  ["ArrowRight", "right", [1, 0], "wider"],
  ["ArrowUp", "up", [0, -1], "lower"],
  ["ArrowDown", "down", [0, 1], "higher"],
];

/** Move the chosen vertex, else all selected objects. @param {Bench} bench @param {Grips} grips @param {Point} by */
function nudge(bench, grips, by) {
  const one = heldLabel(bench);
  if (one && grips.vertex && grips.chosen(one)) return nudgeVertex(bench, one, grips.vertex, by);
  const { held, fast } = movable(bench, selectedLabels(bench));
  if (fast) bench.say(fast, "warn");
  if (!held.length) return;
  const size = frameSize(bench);
  const moved = together(held, by, size);
  if (!moved[0] && !moved[1]) return;
  const changes = held.map((each) => ({ held: each, shape: move(each.kind, each.shape, moved, size) }));
  keepChanged(bench, "Move", changes, { merge: tagOf("move", held) });
}

/** @param {Bench} bench @param {Held} held @param {import("../geometry/vertices.js").Path} path @param {Point} by */
function nudgeVertex(bench, held, path, by) {
  const vertex = vertices(held.kind, held.shape).find((one) => samePath(one, path));
  if (!vertex) return;
  const to = inside([vertex.at[0] + by[0], vertex.at[1] + by[1]], frameSize(bench));
  keepChanged(bench, "Move a vertex of", [{ held, shape: withVertex(held.kind, held.shape, path, to) }], { merge: tagOf(`vertex ${path.polygon} ${path.ring} ${path.index}`, [held]) });
}

/** Keys that follow each other on the same objects are one edit. @param {string} what @param {Held[]} held */
function tagOf(what, held) {
  return `${what} ${held[0]?.label.frame} ${held.map(({ key }) => key).join(" ")}`;
}

/** Move the right or the lower side. @param {Bench} bench @param {Point} by */
function resize(bench, [dx, dy]) {
  const held = heldLabel(bench);
  if (!held) return;
  const size = frameSize(bench);
  const turned = held.kind === "rotatable_bounding_box";
  const box = turned ? held.shape : bounds(held.kind, held.shape);
  const to = { x0: box.left, y0: box.top, x1: box.left + Math.max(1, box.width + dx), y1: box.top + Math.max(1, box.height + dy) };
  const shape = turned
    ? { ...held.shape, width: to.x1 - to.x0, height: to.y1 - to.y0 }
    : scale(held.kind, held.shape, box, to, size);
  keepChanged(bench, "Resize", [{ held, shape }], { merge: tagOf("resize", [held]) });
}

/** @param {Bench} bench @param {number} degrees */
function turnBy(bench, degrees) {
  const held = heldLabel(bench);
  if (!held) return;
  const shape = turn(held.kind, held.shape, degrees, frameSize(bench));
  keepChanged(bench, "Turn", [{ held, shape }], { merge: tagOf("turn", [held]) });
}

/** Whether keys mean the frame: they are not typed into a field or used by a table. */
export function atStage() {
  const { activeElement: focused } = document;
  return !focused || focused === document.body || focused.closest("#stage, #tools") !== null;
}

/** @param {Bench} bench @param {Grips} grips @returns {Action[]} */
export function nudgeActions(bench, grips) {
  // Without a selection these keys are free for what else they mean.
  const any = () => atStage() && selectedLabels(bench).length > 0;
  const one = () => atStage() && selectedLabels(bench).length > 0 && (heldLabel(bench) !== null || "Select one object that may be changed.");
  const turnable = () => {
    const held = heldLabel(bench);
    if (!atStage() || !selectedLabels(bench).length) return false;
    if (held?.kind === "bitmask") return "A bitmask has whole pixels and would lose its outline turn by turn. Change its class to a polygon to turn it.";
    return (held !== null && turns(held.kind)) || "Select one object that can be turned and may be changed.";
  };
  const group = "Objects";
  const moves = ARROWS.flatMap(([key, name, [x, y], size]) => /** @type {Action[]} */ ([
    { id: `move.${name}`, title: `Move ${name}`, group, keys: [key], repeats: true, when: any, run: () => nudge(bench, grips, [x, y]) },
    { id: `move.${name}.far`, title: `Move ${name} by 10 pixels`, group, keys: [`Shift+${key}`], repeats: true, when: any, run: () => nudge(bench, grips, [10 * x, 10 * y]) },
    { id: `resize.${size}`, title: `Make ${size}`, group, keys: [`Shift+Alt+${key}`], repeats: true, when: one, run: () => resize(bench, [x, y]) },
  ]));
  const rotations = /** @type {[string, string, string, number][]} */ ([
    ["left", "Turn left", "Alt+Comma", -1],
    ["right", "Turn right", "Alt+Period", 1],
    ["left.far", "Turn left by 15°", "Shift+Alt+Comma", -15],
    ["right.far", "Turn right by 15°", "Shift+Alt+Period", 15],
  ]).map(([name, title, key, degrees]) => ({ id: `turn.${name}`, title, group, keys: [key], repeats: true, when: turnable, run: () => turnBy(bench, degrees) }));
  return [...moves, ...rotations];
}
