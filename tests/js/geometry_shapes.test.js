import assert from "node:assert/strict";
import { test } from "node:test";

import { bitmaskOf } from "../../labeling/static/labeling/editor/geometry/bitmasks.js";
import { between, dragged, upright } from "../../labeling/static/labeling/editor/geometry/boxes.js";
import { dragHandle, handleAt, handles } from "../../labeling/static/labeling/editor/geometry/handles.js";
import { distance } from "../../labeling/static/labeling/editor/geometry/points.js";
import { area } from "../../labeling/static/labeling/editor/geometry/rle.js";
import { corners, onBase, rotatedContains } from "../../labeling/static/labeling/editor/geometry/rotation.js";
import { bounds, fault, limited, move, scale, tidy, turn } from "../../labeling/static/labeling/editor/geometry/shapes.js";
import { nextVisibility, placed } from "../../labeling/static/labeling/editor/geometry/skeletons.js";
import { addedVertex, nearestEdge, removedVertex, vertices } from "../../labeling/static/labeling/editor/geometry/vertices.js";
import { forSeeds, KINDS, randomPoint, randomRing, randomShape, SIZE } from "./random.js";

const near = (one, other, tolerance = 1e-6) =>
  assert.ok(Math.abs(one - other) <= tolerance, `${one} is not ${other}`);
const nearPoint = (one, other, tolerance = 1e-6) => {
  near(one[0], other[0], tolerance);
  near(one[1], other[1], tolerance);
};
const nearBox = (one, other, tolerance = 1e-6) => {
  for (const side of ["left", "top", "width", "height"]) near(one[side], other[side], tolerance);
};

for (const kind of KINDS) {
  test(`a ${kind} that is moved keeps its form, stays in the frame, and comes back`, () => {
    forSeeds(60, (random) => {
      const shape = tidy(kind, randomShape(kind, random, bitmaskOf), SIZE);
      const by = limited(kind, shape, [(random() - 0.5) * 200, (random() - 0.5) * 200], SIZE);
      const moved = move(kind, shape, by, SIZE);
      const [before, after] = [bounds(kind, shape), bounds(kind, moved)];
      nearBox(after, { ...before, left: before.left + by[0], top: before.top + by[1] });
      assert.equal(fault(kind, moved, SIZE), "");
      nearBox(bounds(kind, move(kind, moved, [-by[0], -by[1]], SIZE)), before);
    });
  });

  test(`a ${kind} is tidied once and for all`, () => {
    forSeeds(40, (random) => {
      const once = tidy(kind, randomShape(kind, random, bitmaskOf), SIZE);
      assert.equal(fault(kind, once, SIZE), "");
      assert.deepEqual(tidy(kind, once, SIZE), once);
    });
  });

  test(`whatever handle of a ${kind} is dragged wherever, the shape can be kept`, () => {
    forSeeds(60, (random) => {
      const shape = tidy(kind, randomShape(kind, random, bitmaskOf), SIZE);
      for (const handle of handles(kind, shape, 4)) {
        const options = { ratio: random() < 0.3, centre: random() < 0.3, step: random() < 0.3 };
        const dragged = dragHandle(kind, shape, handle, randomPoint(random), options, SIZE);
        const said = fault(kind, tidy(kind, dragged, SIZE), SIZE);
        // A ring can be pulled flat by hand; that is said, not repaired.
        assert.ok(said === "" || /on one line|needs at least/.test(said), said);
      }
    });
  });

  test(`dragging a handle of a ${kind} to where it is changes nothing`, () => {
    forSeeds(30, (random) => {
      const shape = tidy(kind, randomShape(kind, random, bitmaskOf), SIZE);
      for (const handle of handles(kind, shape, 4)) {
        const target = handle.kind === "turn" ? handle.at : handle.from;
        nearBox(bounds(kind, dragHandle(kind, shape, handle, target, {}, SIZE)), bounds(kind, shape), 1e-5);
      }
    });
  });
}

test("stretching doubles the bounds of every shape that is not a rotated box", () => {
  forSeeds(40, (random) => {
    for (const kind of KINDS.filter((one) => !["rotatable_bounding_box", "point"].includes(one))) {
      const size = { width: 400, height: 400 };
      const shape = randomShape(kind, random, bitmaskOf);
      const box = bounds(kind, shape);
      const to = { x0: box.left, y0: box.top, x1: box.left + 2 * box.width, y1: box.top + 2 * box.height };
      nearBox(bounds(kind, scale(kind, shape, box, to, size)), upright(to), 1e-6);
      if (kind === "bitmask") assert.equal(area(scale(kind, shape, box, to, size).counts), 4 * area(shape.counts));
    }
  });
});

test("a bitmask that is mirrored twice is itself", () => {
  forSeeds(40, (random) => {
    const shape = randomShape("bitmask", random, bitmaskOf);
    const box = bounds("bitmask", shape);
    const mirrored = { x0: box.left + box.width, x1: box.left, y0: box.top, y1: box.top + box.height };
    const once = scale("bitmask", shape, box, mirrored, SIZE);
    assert.deepEqual(scale("bitmask", once, box, mirrored, SIZE), shape);
  });
});

test("a box is drawn from any corner to any other, as a square, and from its middle", () => {
  assert.deepEqual(between([10, 8], [4, 2]), { left: 4, top: 2, width: 6, height: 6 });
  assert.deepEqual(between([4, 2], [10, 20], { ratio: true }), { left: 4, top: 2, width: 18, height: 18 });
  assert.deepEqual(between([10, 10], [14, 12], { centre: true }), { left: 6, top: 8, width: 8, height: 4 });
});

test("a corner that is dragged with the ratio kept keeps it, and the opposite corner", () => {
  const edges = dragged({ left: 10, top: 10, width: 20, height: 10 }, 4, [50, 25], { ratio: true });
  assert.deepEqual(edges, { x0: 10, y0: 10, x1: 50, y1: 30 });
});

test("a rotated box that is resized leaves the opposite corner where it is on screen", () => {
  forSeeds(60, (random) => {
    const shape = randomShape("rotatable_bounding_box", random);
    const grips = handles("rotatable_bounding_box", shape, 4).filter((one) => one.kind === "grip" && one.grip % 2 === 0);
    for (const handle of grips) {
      const to = randomPoint(random);
      const resized = dragHandle("rotatable_bounding_box", shape, handle, to, {}, SIZE);
      const opposite = corners(shape)[(handle.grip / 2 + 2) % 4];
      if (resized.width <= 1 || resized.height <= 1) continue;
      const close = (point) => Math.min(...corners(resized).map((corner) => distance(corner, point)));
      near(close(opposite), 0, 1e-6);
      near(close(to), 0, 1e-6);
    }
  });
});

test("a turning handle turns by the angle that it was dragged by, with Shift in steps of 15 degrees", () => {
  const shape = { left: 20, top: 20, width: 20, height: 10, rotation: 0 };
  const handle = handles("rotatable_bounding_box", shape, 1).find((one) => one.kind === "turn");
  const right = dragHandle("rotatable_bounding_box", shape, handle, [60, 25], {}, SIZE);
  near(right.rotation, 90);
  const nearly = dragHandle("rotatable_bounding_box", shape, handle, [60, 27], { step: true }, SIZE);
  near(nearly.rotation, 90);
});

test("a rotated box on a base edge has the three points on its border", () => {
  forSeeds(80, (random) => {
    const [start, end, third] = [randomPoint(random), randomPoint(random), randomPoint(random)];
    if (distance(start, end) < 1) return;
    const box = onBase(start, end, third);
    const around = corners(box);
    for (const point of [start, end]) near(Math.min(...around.map((corner) => distance(corner, point))), 0, 1e-6);
    assert.ok(box.height >= 0);
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    assert.ok(box.height === 0 || rotatedContains(box, middle));
  });
});

test("a vertex that is added lies on the edge and is taken away again", () => {
  forSeeds(60, (random) => {
    const shape = { polygons: [[randomRing(random)]] };
    const edge = nearestEdge("polygon", shape, randomPoint(random));
    const more = addedVertex("polygon", shape, edge.path, edge.at);
    assert.equal(vertices("polygon", more).length, vertices("polygon", shape).length + 1);
    const added = { ...edge.path, index: edge.path.index + 1 };
    nearPoint(vertices("polygon", more)[added.index].at, edge.at);
    assert.deepEqual(removedVertex("polygon", more, added), shape);
  });
});

test("a triangle and a line of two keep their points; a hole goes with its third", () => {
  const triangle = [[0, 0], [10, 0], [0, 10]];
  const path = { polygon: 0, ring: 0, index: 1 };
  assert.equal(removedVertex("polygon", { polygons: [[triangle]] }, path), null);
  assert.equal(removedVertex("polyline", { points: [[0, 0], [9, 9]] }, path), null);
  const holed = { polygons: [[[[0, 0], [30, 0], [0, 30]], triangle]] };
  assert.deepEqual(removedVertex("polygon", holed, { ...path, ring: 1 }), { polygons: [[holed.polygons[0][0]]] });
});

test("a polyline keeps which of its points are out of sight", () => {
  const path = { polygon: 0, ring: 0, index: 1 };
  const shape = { points: [[0, 0], [9, 9], [20, 9]], visibility: ["visible", "invisible", "visible"] };
  assert.deepEqual(move("polyline", shape, [1, 2], SIZE).visibility, shape.visibility);
  assert.deepEqual(addedVertex("polyline", shape, path, [12, 9]).visibility, ["visible", "invisible", "visible", "visible"]);
  assert.deepEqual(removedVertex("polyline", shape, path), { points: [[0, 0], [20, 9]] });
  assert.deepEqual(addedVertex("polyline", { points: [[0, 0], [9, 9]] }, { ...path, index: 0 }, [4, 4]), { points: [[0, 0], [4, 4], [9, 9]] });
});

test("a template fills its box", () => {
  const template = { vertices: [[0, 0], [1, 0.5], [0.5, 1]].map(([x, y]) => ({ name: "", color: "", x, y })), edges: [] };
  const shape = placed(template, { left: 10, top: 20, width: 8, height: 4 });
  assert.deepEqual(shape.vertices.map(({ x, y }) => [x, y]), [[10, 20], [18, 22], [14, 24]]);
  assert.equal(fault("skeleton", shape, SIZE, { vertices: 3 }), "");
  assert.match(fault("skeleton", shape, SIZE, { vertices: 4 }), /has 3 vertices; its template has 4/);
});

test("visibility goes round", () => {
  assert.deepEqual(["visible", "occluded", "invisible", "selfOccluded"].map(nextVisibility), ["occluded", "invisible", "visible", "visible"]);
});

test("the nearest handle in reach is grabbed, none out of reach", () => {
  const all = handles("bounding_box", { left: 10, top: 10, width: 40, height: 40 }, 1);
  assert.equal(handleAt(all, [51, 49], 8)?.grip, 4);
  assert.equal(handleAt(all, [30, 30], 8), null);
});

test("what cannot be kept is said in the server's words", () => {
  const said = [
    fault("bounding_box", { left: 0, top: 0, width: 0, height: 5 }, SIZE),
    fault("bounding_box", { left: 90, top: 0, width: 20, height: 5 }, SIZE),
    fault("bounding_box", { left: 200, top: 0, width: 20, height: 5 }, SIZE),
    fault("rotatable_bounding_box", { left: 200, top: 0, width: 20, height: 5, rotation: 9 }, SIZE),
    fault("polygon", { polygons: [[[[0, 0], [5, 5], [0, 0]]]] }, SIZE),
    fault("polygon", { polygons: [[[[0, 0], [5, 5], [10, 10]]]] }, SIZE),
    fault("polyline", { points: [[0, 0], [500.25, 5]] }, SIZE),
    fault("polyline", { points: [[3, 3], [3, 3]] }, SIZE),
    fault("point", { x: NaN, y: 3, visibility: "visible" }, SIZE),
  ];
  assert.deepEqual(said, [
    "The bounding box has no area: it is 0 by 5 pixels.",
    "The bounding box reaches out of the frame of 96 by 64 pixels.",
    "The bounding box lies outside the frame of 96 by 64 pixels.",
    "The rotatable bounding box lies outside the frame of 96 by 64 pixels.",
    "The polygon has 2 points; it needs at least 3.",
    "The polygon has no area: its points lie on one line.",
    "The polyline reaches out of the frame of 96 by 64 pixels: it has a point at 500.25, 5.",
    "The polyline has 1 point; it needs at least 2.",
    "The keypoint has a coordinate that is not a finite number.",
  ]);
});

test("turning by a full turn changes nothing", () => {
  forSeeds(30, (random) => {
    for (const kind of KINDS) {
      const shape = { polygon: { polygons: [[randomRing(random, 10)]] } }[kind] ?? randomShape(kind, random, bitmaskOf);
      nearBox(bounds(kind, turn(kind, shape, 360, SIZE)), bounds(kind, shape), 1e-6);
    }
  });
});
