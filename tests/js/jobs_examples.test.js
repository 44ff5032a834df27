// Which labels show a detector what a class looks like.

import assert from "node:assert/strict";
import { test } from "node:test";
import { examplesOf } from "../../labeling/static/labeling/editor/jobs/examples.js";

/** A bench with objects of class 1, told as [key, spans], on frame 10. */
function benchOf(objects, selected = []) {
  const instances = new Map(objects.map(([key], index) => [key, { key, id: index + 1, object_class: key === "other" ? 2 : 1 }]));
  const spans = new Map(objects);
  return { shown: 10, selection: new Set(selected), store: { instances }, tracks: { of: (key) => ({ spans: spans.get(key) }) } };
}

const OBJECTS = [
  ["tracked", [[5, 30, "t"]]],
  ["far", [[40, 40, "h"]]],
  ["near", [[0, 3, "h"], [4, 20, "t"], [12, 12, "h"]]],
  ["other", [[10, 10, "h"]]],
  ["bare", []],
];

test("labels by people come first, each object's nearest to the shown frame", () => {
  assert.deepEqual(examplesOf(benchOf(OBJECTS), 1), [
    { instance: 3, frame: 12 },
    { instance: 2, frame: 40 },
    { instance: 1, frame: 10 },
  ]);
});

test("what is selected comes before all, and three are enough", () => {
  const many = [...OBJECTS, ["more", [[11, 11, "h"]]]];
  const found = examplesOf(benchOf(many, ["tracked"]), 1).map(({ instance }) => instance);
  assert.deepEqual(found, [1, 6, 3]);
});

test("an object that the server does not have yet is no example", () => {
  const bench = benchOf(OBJECTS);
  bench.store.instances.get("near").id = null;
  assert.deepEqual(examplesOf(bench, 1).map(({ instance }) => instance), [2, 1]);
});
