// Random samples of what there is to review.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleOf } from "../../labeling/static/labeling/editor/review/sample.js";

const ITEMS = Array.from({ length: 200 }, (_, frame) => ({ instance: `object${frame % 7}`, first: frame, last: frame, frame, confidence: null }));

test("a sample is some of the items, each once", () => {
  const drawn = sampleOf(ITEMS, 5, 25);
  assert.equal(new Set(drawn).size, 25);
  assert.ok(drawn.every((one) => ITEMS.includes(one)));
  assert.equal(sampleOf(ITEMS.slice(0, 3), 5, 25).length, 3);
});

test("the same seed draws the same, whatever the order of the items; another one others", () => {
  const frames = (items, seed) => sampleOf(items, seed, 25).map(({ frame }) => frame);
  assert.deepEqual(frames(ITEMS.toReversed(), 5), frames(ITEMS, 5));
  assert.notDeepEqual(frames(ITEMS, 6), frames(ITEMS, 5));
});

test("every item is drawn about as often as any other", () => {
  const times = new Map(ITEMS.map((item) => [item, 0]));
  for (let seed = 0; seed < 400; seed += 1) for (const item of sampleOf(ITEMS, seed, 50)) times.set(item, times.get(item) + 1);
  // 400 draws of a quarter: 100 on average, with a deviation of 8.7; six of them are left to either side.
  assert.ok([...times.values()].every((one) => Math.abs(one - 100) < 52), [...times.values()].join());
});
