// @ts-check
// What the tools let a person do by key, menu and button.

import { KIND_NAMES } from "../geometry/shapes.js";
import { heldLabel } from "./guard.js";
import { nudgeActions } from "./nudge.js";
import { fillHoles, placeInMiddle } from "./place.js";
import { vertexActions } from "./select/vertices.js";
import { nextKind, TOOL_OF, unlabelled } from "./subject.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {import("./brush.js").BrushSize} BrushSize */
/** @typedef {import("./polygon.js").PolygonTool} PolygonTool */
/** @typedef {{grips: import("./grips.js").Grips, size: BrushSize, polygon: PolygonTool, session: import("./masks/session.js").MaskSession}} Parts */

/** @type {[string, string, string, ShapeKind[]][]} name, title, key, the kinds that it draws */
const DRAWING = [
  ["box", "Box", "Shift+KeyB", ["bounding_box"]],
  ["rotated", "Rotated box", "Alt+KeyB", ["rotatable_bounding_box"]],
  ["polygon", "Polygon", "KeyP", ["polygon", "bitmask"]],
  ["polyline", "Polyline", "Shift+KeyP", ["polyline"]],
  ["point", "Keypoint", "Shift+KeyD", ["point"]],
  ["skeleton", "Skeleton", "Shift+KeyS", ["skeleton"]],
];

/** @param {Bench} bench @param {Parts} parts */
export function toolActions(bench, parts) {
  bench.actions.add(
    ...vertexActions(bench, parts.grips),
    ...choosing(bench),
    ...masks(bench, parts),
    ...finishing(bench, parts),
    ...rings(bench, parts),
    ...nudgeActions(bench, parts.grips),
  );
}

/** Whether a tool fits what is drawn next: true, or the reason why not. @param {Bench} bench @param {readonly ShapeKind[]} kinds @returns {true | string} */
export function fits(bench, kinds) {
  if (!bench.facts.mayEdit) return bench.facts.barrier;
  const of = bench.currentClass;
  const waiting = unlabelled(bench)?.of;
  if ([of, waiting].some((one) => one && kinds.includes(one.shape))) return true;
  return of ? `${of.name} is drawn as a ${KIND_NAMES[of.shape]}.` : "Choose a class first.";
}

/** Whether brush and eraser fit: they work on the selected bitmask too. @param {Bench} bench @returns {true | string} */
export function fitsMask(bench) {
  return heldLabel(bench)?.kind === "bitmask" || fits(bench, ["bitmask"]);
}

/** @param {Bench} bench @returns {Action[]} */
function choosing(bench) {
  const group = "Tools";
  const draw = () => {
    const kind = nextKind(bench);
    if (kind) bench.use(TOOL_OF[kind]);
  };
  const any = () => (bench.facts.mayEdit ? nextKind(bench) !== null || "Choose a class first." : bench.facts.barrier);
  return [
    { id: "tool.select", title: "Select", group, keys: ["KeyS"], run: () => bench.use("select") },
    { id: "tool.draw", title: "Draw the chosen class", group, keys: ["KeyW"], when: any, run: draw },
    { id: "tool.place", title: "Draw in the middle, without a pointer", group, keys: ["Shift+KeyW"], when: any, run: () => placeInMiddle(bench) },
    ...DRAWING.map(([name, title, key, kinds]) => ({
      id: `tool.${name}`, title, group, keys: [key], when: () => fits(bench, kinds), run: () => bench.use(name),
    })),
    { id: "tool.brush", title: "Brush", group, keys: ["KeyB"], when: () => fitsMask(bench), run: () => bench.use("brush") },
    { id: "tool.eraser", title: "Eraser", group, keys: ["KeyX"], when: () => fitsMask(bench), run: () => bench.use("eraser") },
  ];
}

/** @param {Bench} bench @param {Parts} parts @returns {Action[]} */
function masks(bench, { size, polygon }) {
  const group = "Tools";
  const mask = () => heldLabel(bench)?.kind === "bitmask" || "Select one bitmask that may be changed.";
  const fill = () => {
    const held = heldLabel(bench);
    if (held?.kind === "bitmask") fillHoles(bench, held);
  };
  const cut = () => {
    polygon.cutting = !polygon.cutting;
    bench.say(polygon.cutting ? "Outlines are cut from the mask." : "Outlines are added to the mask.");
    bench.tell("tool");
  };
  const lasso = () => (bench.tool === polygon && nextKind(bench) === "bitmask" ? true : false);
  return [
    { id: "brush.smaller", title: "Smaller brush", group, keys: ["BracketLeft"], repeats: true, run: () => size.step(-1) },
    { id: "brush.larger", title: "Larger brush", group, keys: ["BracketRight"], repeats: true, run: () => size.step(1) },
    { id: "mask.fill-holes", title: "Fill holes", group, keys: ["Shift+KeyF"], menus: ["object"], when: () => (heldLabel(bench) && heldLabel(bench)?.kind !== "bitmask" ? false : mask()), run: fill },
    { id: "mask.cut", title: "Outlines: add to the mask, or cut from it", group, keys: ["Shift+KeyX"], when: lasso, run: cut },
  ];
}

/** @param {Bench} bench @param {Parts} parts @returns {Action[]} */
function finishing(bench, { polygon }) {
  const group = "Tools";
  const path = () => /** @type {Partial<PolygonTool>} */ (bench.tool ?? {});
  const drawing = () => (path().points?.length ?? 0) > 0;
  const cancel = () => {
    polygon.wanted = null;
    if (bench.tool?.escape?.()) return;
    if (bench.tool?.name !== "select") bench.use("select");
    else bench.select([]);
  };
  return [
    { id: "tool.cancel", title: "Drop what is being drawn; back to selecting", group, keys: ["Escape"], run: cancel },
    { id: "tool.finish", title: "Finish what is being drawn", group, keys: ["Enter"], when: drawing, run: () => void bench.tool?.finish?.() },
    { id: "tool.back", title: "Take the last point back", group, keys: ["Backspace", "Mod+KeyZ"], repeats: true, when: drawing, run: () => void path().back?.() },
  ];
}

/** @param {Bench} bench @param {Parts} parts @returns {Action[]} */
function rings(bench, { polygon }) {
  const when = () => {
    const held = heldLabel(bench);
    return held && held.kind !== "polygon" ? false : held !== null || "Select one polygon that may be changed.";
  };
  return [
    { id: "polygon.hole", title: "Add a hole", group: "Tools", keys: ["Alt+KeyP"], menus: ["object"], when, run: () => polygon.want("hole") },
    { id: "polygon.part", title: "Add a part", group: "Tools", keys: ["Shift+Alt+KeyP"], menus: ["object"], when, run: () => polygon.want("part") },
  ];
}
