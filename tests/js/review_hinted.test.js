// In which order the review steps through what tracking noticed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hintItems } from "../../labeling/static/labeling/editor/review/hinted.js";

const NOTICED = [
  { key: "car", jumps: [[40, 0.5], [12, 0.9]], drops: [[12, 0.3], [20, 0.8]] },
  { key: "bus", jumps: [[30, 0.7]], drops: [] },
];

test("identity jumps come before score drops, the surest first", () => {
  const told = hintItems(NOTICED, true).map(({ instance, frame, why }) => [instance, frame, why]);
  assert.deepEqual(told, [
    ["car", 12, "Identity jump"], ["bus", 30, "Identity jump"], ["car", 40, "Identity jump"], ["car", 20, "Score drop"],
  ]);
});

test("by frame they come as the film does", () => {
  assert.deepEqual(hintItems(NOTICED, false).map((one) => one.frame), [12, 20, 30, 40]);
});

test("an item is one label", () => {
  for (const one of hintItems(NOTICED, true)) assert.deepEqual([one.first, one.last], [one.frame, one.frame]);
});
