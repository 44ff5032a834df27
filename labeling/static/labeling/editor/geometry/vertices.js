// @ts-check
// Vertices of polygons, polylines, keypoints and skeletons: named by path, moved, added, removed.

import { nearestPlace } from "./rings.js";
import { distinct } from "./points.js";

/** @typedef {import("../types.js").Point} Point */
/** @typedef {import("../types.js").ShapeKind} ShapeKind */
/** @typedef {{polygon: number, ring: number, index: number}} Path polygon and ring are 0 where there is one line only */
/** @typedef {Path & {at: Point}} Vertex */
/** @typedef {{points: Point[], closed: boolean, polygon: number, ring: number}} Line */

/**
 * The lines of a polygon or a polyline.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @returns {Line[]}
 */
export function lines(kind, shape) {
  if (kind === "polyline") return [{ points: shape.points, closed: false, polygon: 0, ring: 0 }];
  if (kind !== "polygon") return [];
  return shape.polygons.flatMap((/** @type {Point[][]} */ rings, /** @type {number} */ polygon) =>
    rings.map((points, ring) => ({ points, closed: true, polygon, ring })),
  );
}

/**
 * All vertices in order; none for boxes and bitmasks.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @returns {Vertex[]}
 */
export function vertices(kind, shape) {
  if (kind === "point") return [{ polygon: 0, ring: 0, index: 0, at: [shape.x, shape.y] }];
  if (kind === "skeleton") {
    return shape.vertices.map((/** @type {any} */ one, /** @type {number} */ index) => ({ polygon: 0, ring: 0, index, at: [one.x, one.y] }));
  }
  return lines(kind, shape).flatMap(({ points, polygon, ring }) => points.map((at, index) => ({ polygon, ring, index, at })));
}

/**
 * Every vertex put where `to` says.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {(point: Point, path: Path) => Point} to
 */
export function mapped(kind, shape, to) {
  const place = (/** @type {any} */ one, /** @type {number} */ index) => {
    const [x, y] = to([one.x, one.y], { polygon: 0, ring: 0, index });
    return { ...one, x, y };
  };
  if (kind === "point") return place(shape, 0);
  if (kind === "skeleton") return { vertices: shape.vertices.map(place) };
  return mapLines(kind, shape, ({ points, polygon, ring }) => points.map((point, index) => to(point, { polygon, ring, index })));
}

/**
 * Every line replaced by what `to` makes of it.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {(line: Line) => Point[]} to
 */
function mapLines(kind, shape, to) {
  if (kind === "polyline") return { ...shape, points: to({ points: shape.points, closed: false, polygon: 0, ring: 0 }) };
  return {
    polygons: shape.polygons.map((/** @type {Point[][]} */ rings, /** @type {number} */ polygon) =>
      rings.map((points, ring) => to({ points, closed: true, polygon, ring })),
    ),
  };
}

/** @param {Path} one @param {Path | null} other */
export function samePath(one, other) {
  return other !== null && one.polygon === other.polygon && one.ring === other.ring && one.index === other.index;
}

/** @param {ShapeKind} kind @param {any} shape @param {Path} path @param {Point} point */
export function withVertex(kind, shape, path, point) {
  return mapped(kind, shape, (old, at) => (samePath(at, path) ? point : old));
}

/**
 * The place of an edge nearest to a point, null for shapes without edges.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {Point} point
 * @returns {{path: Path, at: Point, distance: number} | null} `path` is the vertex before it
 */
export function nearestEdge(kind, shape, point) {
  /** @type {{path: Path, at: Point, distance: number} | null} */
  let best = null;
  for (const { points, closed, polygon, ring } of lines(kind, shape)) {
    const { after, at, distance } = nearestPlace(points, point, closed);
    if (!best || distance < best.distance) best = { path: { polygon, ring, index: after }, at, distance };
  }
  return best;
}

/**
 * A polyline with points that may be out of sight.
 * @param {Point[]} points
 * @param {import("../types.js").Visibility[]} visibility of each point
 * @returns {import("../types.js").PolylineShape}
 */
export function polylineOf(points, visibility) {
  return visibility.every((one) => one === "visible") ? { points } : { points, visibility };
}

/** The visibility of each point. @param {import("../types.js").PolylineShape} shape @returns {import("../types.js").Visibility[]} */
export function visibilities(shape) {
  return shape.visibility ?? shape.points.map(() => "visible");
}

/** Put a vertex behind the one at `path`. @param {ShapeKind} kind @param {any} shape @param {Path} path @param {Point} point */
export function addedVertex(kind, shape, path, point) {
  if (kind === "polyline") {
    const [points, seen, at] = [[...shape.points], [...visibilities(shape)], path.index + 1];
    points.splice(at, 0, point);
    seen.splice(at, 0, "visible");
    return polylineOf(points, seen);
  }
  return mapLines(kind, shape, ({ points, polygon, ring }) => {
    if (polygon !== path.polygon || ring !== path.ring) return points;
    return [...points.slice(0, path.index + 1), point, ...points.slice(path.index + 1)];
  });
}

/**
 * Take a vertex away. A hole or a part of several goes with its third last vertex.
 * @param {ShapeKind} kind
 * @param {any} shape
 * @param {Path} path
 * @returns {any} null when the shape needs it
 */
export function removedVertex(kind, shape, path) {
  const line = lines(kind, shape).find(({ polygon, ring }) => polygon === path.polygon && ring === path.ring);
  if (!line) return null;
  const left = line.points.filter((_, index) => index !== path.index);
  if (kind === "polyline") return distinct(left) < 2 ? null : polylineOf(left, visibilities(shape).filter((_, index) => index !== path.index));
  if (distinct(left) >= 3) {
    return mapLines(kind, shape, (one) => (one.polygon === path.polygon && one.ring === path.ring ? left : one.points));
  }
  return removedRing(shape, path);
}

/**
 * Take a hole away, or a part of several.
 * @param {import("../types.js").PolygonShape} shape
 * @param {{polygon: number, ring: number}} path
 * @returns {import("../types.js").PolygonShape | null} null when nothing would be left
 */
export function removedRing(shape, { polygon, ring }) {
  if (ring > 0) {
    return { polygons: shape.polygons.map((rings, one) => (one === polygon ? rings.filter((_, at) => at !== ring) : rings)) };
  }
  return shape.polygons.length > 1 ? { polygons: shape.polygons.filter((_, one) => one !== polygon) } : null;
}
