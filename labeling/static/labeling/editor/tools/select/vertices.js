// @ts-check
// Vertices by hand and by key: chosen in turn, added, taken away, their visibility turned.

import { middle } from "../../geometry/points.js";
import { nextVisibility, VISIBILITY_NAMES } from "../../geometry/skeletons.js";
import { addedVertex, lines, polylineOf, removedVertex, samePath, vertices, visibilities } from "../../geometry/vertices.js";
import { heldLabel } from "../guard.js";
import { keepChanged } from "../subject.js";

/** @typedef {import("../../bench.js").Bench} Bench */
/** @typedef {import("../../types.js").Action} Action */
/** @typedef {import("../grips.js").Grips} Grips */
/** @typedef {import("../guard.js").Held} Held */
/** @typedef {import("../../geometry/vertices.js").Path} Path */

/**
 * Take a vertex away; what needs it keeps it, and says so.
 * @param {Bench} bench
 * @param {Grips} grips
 * @param {Held} held
 * @param {Path} path
 */
export function removeVertex(bench, grips, held, path) {
  const shape = removedVertex(held.kind, held.shape, path);
  if (!shape) {
    bench.say(held.kind === "polyline" ? "A polyline needs two points." : "A polygon needs three points.", "warn");
    return;
  }
  grips.vertex = null;
  keepChanged(bench, "Remove a vertex of", [{ held, shape }]);
}

/** @param {Held} held @param {number} index @returns {{visibility: import("../../types.js").Visibility, shape: any}} */
function turned({ kind, shape }, index) {
  if (kind === "polyline") {
    const all = visibilities(shape);
    const visibility = nextVisibility(all[index] ?? "visible");
    return { visibility, shape: polylineOf(shape.points, all.map((one, at) => (at === index ? visibility : one))) };
  }
  const one = kind === "point" ? shape : shape.vertices[index];
  const visibility = nextVisibility(one.visibility);
  if (kind === "point") return { visibility, shape: { ...one, visibility } };
  return { visibility, shape: { vertices: shape.vertices.map((/** @type {any} */ other) => (other === one ? { ...one, visibility } : other)) } };
}

/** Visible, occluded, invisible, in turn. @param {Bench} bench @param {Held} held @param {Path | null} path */
export function turnVisibility(bench, held, path) {
  const { shape, visibility } = turned(held, path?.index ?? 0);
  if (keepChanged(bench, "Change the visibility of", [{ held, shape }])) {
    bench.say(`Now ${VISIBILITY_NAMES[visibility]}.`);
  }
}

/** Choose the next vertex, or the one before. @param {Bench} bench @param {Grips} grips @param {1 | -1} by */
function step(bench, grips, by) {
  const held = heldLabel(bench);
  if (!held) return;
  const all = vertices(held.kind, held.shape);
  const now = all.findIndex((one) => samePath(one, grips.vertex));
  const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : (now + by + all.length) % all.length];
  if (!next) return;
  const { polygon, ring, index, at } = next;
  grips.vertex = { polygon, ring, index };
  bench.canvas.invalidate();
  const place = `${index + 1} of ${all.length}, at ${Math.round(at[0])}, ${Math.round(at[1])}`;
  bench.say(`Vertex ${place}.`);
}

/** Put a vertex in the middle of the edge behind the chosen one. @param {Bench} bench @param {Grips} grips */
function insert(bench, grips) {
  const held = heldLabel(bench);
  const path = held && grips.chosen(held);
  if (!held || !path) return;
  const line = lines(held.kind, held.shape).find(({ polygon, ring }) => polygon === path.polygon && ring === path.ring);
  const start = line?.points[path.index];
  const end = line?.points[path.index + 1] ?? (line?.closed ? line.points[0] : line?.points[path.index - 1]);
  if (!start || !end) return;
  const last = !line.closed && path.index === line.points.length - 1;
  const after = last ? { ...path, index: path.index - 1 } : path;
  const shape = addedVertex(held.kind, held.shape, after, middle(start, end));
  if (keepChanged(bench, "Add a vertex to", [{ held, shape }])) grips.vertex = { ...after, index: after.index + 1 };
}

/** @param {Bench} bench @param {readonly string[]} kinds @returns {true | string} */
function held(bench, kinds) {
  const one = heldLabel(bench);
  return (one !== null && kinds.includes(one.kind)) || "Select one object with vertices that may be changed.";
}

/** @param {Bench} bench @param {Grips} grips @returns {Action[]} */
export function vertexActions(bench, grips) {
  const outlined = ["polygon", "polyline"];
  const pointed = [...outlined, "skeleton"];
  const chosen = () => {
    const one = heldLabel(bench);
    return one !== null && outlined.includes(one.kind) && grips.chosen(one) !== null;
  };
  const remove = () => {
    const one = heldLabel(bench);
    const path = one && grips.chosen(one);
    if (one && path) removeVertex(bench, grips, one, path);
  };
  const visibility = () => {
    const one = heldLabel(bench);
    if (one) turnVisibility(bench, one, grips.chosen(one));
  };
  const seen = () => {
    const one = heldLabel(bench);
    if (one?.kind === "point") return true;
    if (one?.kind !== "skeleton" && one?.kind !== "polyline") return false;
    return grips.chosen(one) !== null || "Choose a vertex with the full stop key.";
  };
  return [
    { id: "vertex.next", title: "Choose the next vertex", group: "Objects", keys: ["Period"], repeats: true, when: () => held(bench, pointed), run: () => step(bench, grips, 1) },
    { id: "vertex.previous", title: "Choose the vertex before", group: "Objects", keys: ["Comma"], repeats: true, when: () => held(bench, pointed), run: () => step(bench, grips, -1) },
    { id: "vertex.add", title: "Add a vertex after the chosen one", group: "Objects", keys: ["Insert", "Shift+KeyV"], when: chosen, run: () => insert(bench, grips) },
    { id: "vertex.remove", title: "Remove the chosen vertex", group: "Objects", keys: ["Delete", "Backspace"], when: chosen, run: remove },
    { id: "vertex.visibility", title: "Visible, occluded, invisible", group: "Objects", keys: ["KeyU"], menus: ["object"], when: seen, run: visibility },
  ];
}
