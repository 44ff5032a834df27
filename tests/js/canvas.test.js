// What the canvas works out before it paints: outlines of masks, hits on them, colours, changes, slices of work.

import assert from "node:assert/strict";
import { test } from "node:test";

import { changesBetween } from "../../labeling/static/labeling/editor/canvas/changes.js";
import { confidenceColor, instanceColor, legible, paletteColor, rgb } from "../../labeling/static/labeling/editor/canvas/colors.js";
import { maskHolds, outlineOf } from "../../labeling/static/labeling/editor/canvas/runs.js";
import { Pace } from "../../labeling/static/labeling/editor/canvas/pace.js";
import { Work } from "../../labeling/static/labeling/editor/canvas/work.js";
import { encode } from "../../labeling/static/labeling/editor/geometry/rle.js";
import { seeded } from "./random.js";

/** A bitmask of rows that are drawn with # and spaces. */
function mask(rows, left = 0, top = 0) {
  const [width, height] = [rows[0].length, rows.length];
  const pixels = Uint8Array.from(rows.join(""), (one) => Number(one === "#"));
  return { left, top, width, height, counts: encode(pixels, width, height) };
}

/** Whether a point lies within closed rings, by counting the edges to its right. */
function within(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    ring.forEach(([x1, y1], at) => {
      const [x2, y2] = ring[(at + 1) % ring.length];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) odd = !odd;
    });
  }
  return odd;
}

test("a mask's outline is one ring around it and one around each hole", () => {
  const rings = outlineOf(mask(["####", "#  #", "####"], 10, 20));
  assert.equal(rings.length, 2);
  assert.deepEqual(rings.map((ring) => ring.length), [4, 4]);
  assert.deepEqual([...new Set(rings.flat().map(([x]) => x))].sort(), [10, 11, 13, 14]);
  assert.deepEqual([...new Set(rings.flat().map(([, y]) => y))].sort(), [20, 21, 22, 23]);
});

test("outlines and hits agree with the pixels of random masks, corners that touch included", () => {
  const next = seeded(11);
  for (let round = 0; round < 40; round += 1) {
    const [width, height] = [1 + Math.floor(next() * 12), 1 + Math.floor(next() * 12)];
    const rows = Array.from({ length: height }, () => Array.from({ length: width }, () => (next() < 0.5 ? "#" : " ")).join(""));
    const shape = mask(rows, 3, 5);
    const rings = outlineOf(shape);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const inside = rows[y][x] === "#";
        assert.equal(within(rings, x + 3.5, y + 5.5), inside);
        assert.equal(maskHolds(shape, x + 3.5, y + 5.5), inside);
      }
    }
    for (const ring of rings) ring.forEach(([x, y], at) => assert.ok(x === ring[(at + 1) % ring.length][0] || y === ring[(at + 1) % ring.length][1]));
  }
});

test("nothing outside of its box belongs to a mask", () => {
  const shape = mask(["##", "##"], 4, 4);
  for (const [x, y] of [[3.9, 4.5], [6, 4.5], [4.5, 3.9], [4.5, 6]]) assert.equal(maskHolds(shape, x, y), false);
});

test("objects with neighbouring numbers have colours that are far apart", () => {
  for (let number = 1; number < 60; number += 1) {
    for (const other of [number + 1, number + 2]) {
      const [one, two] = [rgb(paletteColor(number)), rgb(paletteColor(other))];
      const apart = Math.hypot(...one.map((value, channel) => value - two[channel]));
      assert.ok(apart > 45, `${number} and ${other} are ${apart} apart`);
    }
  }
});

test("an object keeps its colour, also before it has a number", () => {
  assert.equal(instanceColor({ number: 7, key: "aaaaaaaa" }), instanceColor({ number: 7, key: "bbbbbbbb" }));
  assert.equal(instanceColor({ number: 0, key: "aaaaaaaa" }), instanceColor({ number: 0, key: "aaaaaaaa" }));
  assert.match(instanceColor({ number: 0, key: "aaaaaaaa" }), /^#[0-9a-f]{6}$/);
});

test("confidence runs from one colour to another, and names can be read on all of them", () => {
  assert.notEqual(confidenceColor(0), confidenceColor(1));
  assert.equal(confidenceColor(-1), confidenceColor(0));
  assert.equal(confidenceColor(2), confidenceColor(1));
  assert.equal(legible("#ffffff"), "#000000");
  assert.equal(legible("#000060"), "#ffffff");
});

test("only what came, went or changed differs between two scenes", () => {
  const item = (key, shape, manner = "plain") => ({ key, shape, manner });
  const [a, b, c] = [{}, {}, {}];
  const before = [item("one", a), item("two", b), item("three", c)];
  assert.deepEqual(changesBetween(before, [item("one", a), item("two", b), item("three", c)]), []);
  const moved = item("two", {});
  assert.deepEqual(changesBetween(before, [before[0], moved, before[2]]), [before[1], moved]);
  const four = item("four", {});
  assert.deepEqual(changesBetween(before, [before[1], before[2], four]), [four, before[0]]);
  const red = item("one", a, "red");
  assert.deepEqual(changesBetween(before, [red, before[1], before[2]]), [before[0], red]);
});

test("work is done in slices of what it will cost, and a newer piece replaces an older one", () => {
  const work = new Work();
  const done = [];
  function* steps(name, count) {
    for (let step = 0; step < count; step += 1) {
      done.push(`${name}${step}`);
      yield 3;
    }
  }
  work.begin(steps("a", 5));
  assert.equal(work.advance(5), false);
  assert.deepEqual(done, ["a0", "a1"]);
  work.begin(steps("b", 2));
  assert.equal(work.advance(1), false);
  assert.equal(work.advance(Infinity), true);
  assert.deepEqual(done, ["a0", "a1", "b0", "b1"]);
  assert.equal(work.busy, false);
});

test("the pace follows what painting took, and small amounts teach nothing", () => {
  const pace = new Pace();
  const before = pace.cost(1000);
  pace.learn(10, 500);
  assert.equal(pace.cost(1000), before);
  for (let round = 0; round < 40; round += 1) pace.learn(10_000, 40);
  assert.ok(Math.abs(pace.cost(1000) - 4) < 0.1);
});
