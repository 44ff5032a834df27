import assert from "node:assert/strict";
import { test } from "node:test";

import { bitmaskOf, pixelsOf } from "../../labeling/static/labeling/editor/geometry/bitmasks.js";
import { filled, holesFilled, maskPolygons, outlines } from "../../labeling/static/labeling/editor/geometry/raster.js";
import { signedArea, simplified } from "../../labeling/static/labeling/editor/geometry/rings.js";
import { area, decode, decodeColumns, encode, encodeColumns, pack, runs, transposed } from "../../labeling/static/labeling/editor/geometry/rle.js";
import { forSeeds, randomMask, randomRing } from "./random.js";

const WINDOW = { left: 0, top: 0, width: 96, height: 64 };
const sizeOf = (random) => [1 + Math.floor(random() * 40), 1 + Math.floor(random() * 40)];
const count = (mask) => mask.reduce((sum, value) => sum + value, 0);

test("a mask comes back from its counts, by rows and by columns", () => {
  forSeeds(120, (random) => {
    const [width, height] = sizeOf(random);
    const mask = randomMask(random, width, height);
    const counts = encode(mask, width, height);
    assert.deepEqual(decode(counts, width, height), mask);
    assert.deepEqual(decodeColumns(counts, width, height), transposed(mask, width, height));
    assert.equal(encodeColumns(transposed(mask, width, height)), counts);
    assert.equal(area(counts), count(mask));
  });
});

test("run lengths come back from their string, long ones too", () => {
  forSeeds(120, (random) => {
    const lengths = Array.from({ length: 1 + Math.floor(random() * 20) }, () => Math.floor(random() ** 4 * 33_000_000));
    assert.deepEqual(runs(pack(lengths)), lengths);
  });
});

test("counts that break off in a number are refused", () => {
  assert.throws(() => runs("P"), /end in the middle/);
});

test("a bitmask is cropped to its pixels and put back", () => {
  const data = new Uint8Array(30);
  data[2 * 6 + 3] = 1;
  data[3 * 6 + 4] = 1;
  const shape = bitmaskOf({ data, width: 6, height: 5 }, 10, 20);
  assert.deepEqual({ ...shape, counts: "" }, { left: 13, top: 22, width: 2, height: 2, counts: "" });
  assert.deepEqual([...pixelsOf(shape).data], [1, 0, 0, 1]);
  assert.equal(bitmaskOf({ data: new Uint8Array(30), width: 6, height: 5 }), null);
});

test("a pixel is in when its centre is", () => {
  forSeeds(80, (random) => {
    const rings = [randomRing(random), randomRing(random, 8)];
    const mask = filled([rings], WINDOW);
    for (let y = 0; y < WINDOW.height; y += 1) {
      for (let x = 0; x < WINDOW.width; x += 1) {
        const crossed = rings.filter((ring) => inRing(ring, x + 0.5, y + 0.5)).length;
        assert.equal(mask[y * WINDOW.width + x], crossed % 2, `${x}, ${y}`);
      }
    }
  });
});

/** Whether the winding of a ring about a point is odd, by the angles under which its edges are seen. */
function inRing(ring, x, y) {
  let turn = 0;
  ring.forEach(([x0, y0], index) => {
    const [x1, y1] = ring[(index + 1) % ring.length];
    const [ax, ay, bx, by] = [x0 - x, y0 - y, x1 - x, y1 - y];
    turn += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  });
  return Math.abs(Math.round(turn / (2 * Math.PI))) % 2 === 1;
}

test("squares that share an edge share no pixel", () => {
  const square = (left) => [[[left, 2.5], [left + 4.5, 2.5], [left + 4.5, 6], [left, 6]]];
  const [one, other] = [filled([square(3)], WINDOW), filled([square(7.5)], WINDOW)];
  assert.equal(one.filter((value, at) => value && other[at]).length, 0);
  assert.equal(count(one) + count(other), count(filled([[[[3, 2.5], [12, 2.5], [12, 6], [3, 6]]]], WINDOW)));
});

test("a part of the window has the pixels of the whole", () => {
  forSeeds(40, (random) => {
    const polygons = [[randomRing(random)]];
    const whole = filled(polygons, WINDOW);
    const part = { left: 13, top: 9, width: 40, height: 30 };
    filled(polygons, part).forEach((value, at) => {
      const [x, y] = [part.left + (at % part.width), part.top + Math.floor(at / part.width)];
      assert.equal(value, whole[y * WINDOW.width + x]);
    });
  });
});

test("the outline of a mask has exactly its pixels inside", () => {
  forSeeds(150, (random) => {
    const [width, height] = sizeOf(random);
    const mask = randomMask(random, width, height);
    const polygons = outlines(mask, width, height);
    assert.deepEqual(filled(polygons, { left: 0, top: 0, width, height }), mask);
    for (const [outer, ...holes] of polygons) {
      assert.ok(signedArea(outer) > 0);
      for (const hole of holes) assert.ok(signedArea(hole) < 0);
    }
  });
});

test("holes belong to the piece that encloses them, an island in a hole is a piece of its own", () => {
  const rows = ["#######", "#.....#", "#.###.#", "#.#.#.#", "#.###.#", "#.....#", "#######", "......#"];
  const mask = Uint8Array.from(rows.join(""), (one) => (one === "#" ? 1 : 0));
  const polygons = outlines(mask, 7, 8);
  assert.deepEqual(polygons.map((rings) => rings.length), [2, 2]);
});

test("a coarse outline stays within its tolerance", () => {
  const width = 80;
  const mask = Uint8Array.from({ length: width * width }, (_, at) => (Math.hypot((at % width) - 40, Math.floor(at / width) - 40) < 30 ? 1 : 0));
  const polygons = maskPolygons(mask, width, width, 1);
  assert.ok(polygons[0][0].length < 60);
  const again = filled(polygons, { left: 0, top: 0, width, height: width });
  assert.ok(again.filter((value, at) => value !== mask[at]).length < 0.05 * count(mask));
});

test("simplifying a line keeps its ends and its corners", () => {
  const stairs = [[0, 0], [1, 0.1], [2, -0.1], [3, 0], [3, 5], [3.1, 9], [3, 10]];
  assert.deepEqual(simplified(stairs, 0.5, false), [[0, 0], [3, 0], [3, 10]]);
});

test("what a mask encloses is filled, what is open to the outside is not", () => {
  const rows = [".###.", "#...#", "#.#.#", ".###.", "#...#"];
  const mask = Uint8Array.from(rows.join(""), (one) => (one === "#" ? 1 : 0));
  const filledRows = [".###.", "#####", "#####", ".###.", "#...#"];
  assert.deepEqual(holesFilled(mask, 5, 5), Uint8Array.from(filledRows.join(""), (one) => (one === "#" ? 1 : 0)));
});
