// Where the keys lead: key frames, gaps and changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gaps, nearest, nextChange, nextGap, nextKey } from "../../labeling/static/labeling/editor/timeline/finding.js";

const CAR = { spans: [[0, 0, "h"], [1, 19, "i"], [20, 20, "h"], [30, 39, "t"]], keys: [0, 20], prompted: [30], absent: [[40, 59]], low: [] };
const BUS = { spans: [[25, 45, "d"]], keys: [], prompted: [], absent: [], low: [] };
const WAY = { first: 0, last: 99 };

/** @param {(at: number | null) => number | null} next @param {number} from */
function walk(next, from) {
  const found = [];
  for (let at = next(from); at !== null; at = next(at)) found.push(at);
  return found;
}

test("key frames are what a person drew, prompted or marked absent, both ways", () => {
  assert.deepEqual(walk((at) => nextKey([CAR], at, 1), 0), [20, 30, 40]);
  assert.deepEqual(walk((at) => nextKey([CAR], at, -1), 99), [40, 30, 20, 0]);
  assert.deepEqual(walk((at) => nextKey([BUS], at, 1), 0), []);
});

test("frames drawn one after the other are a piece of work with two ends", () => {
  const drawn = { ...BUS, spans: [[5, 9, "h"]] };
  assert.deepEqual(walk((at) => nextKey([drawn], at, 1), 0), [5, 9]);
});

test("a gap is where nothing is known of the object; absent frames are known", () => {
  assert.deepEqual(gaps([CAR], 0, 99), [[21, 29], [60, 99]]);
  assert.deepEqual(walk((at) => nextGap([CAR], at, 1, WAY), 0), [21, 60]);
  assert.deepEqual(walk((at) => nextGap([CAR], at, -1, WAY), 99), [60, 21]);
});

test("among several objects a gap is where none has a label", () => {
  assert.deepEqual(gaps([CAR, BUS], 0, 99), [[21, 24], [60, 99]]);
  assert.deepEqual(gaps([], 3, 5), [[3, 5]]);
  assert.deepEqual(gaps([{ ...BUS, spans: [[0, 99, "h"]] }], 10, 20), []);
});

test("changes are beginnings, ends, and key frames, inside the task", () => {
  assert.deepEqual(walk((at) => nextChange([CAR], at, 1, WAY), 0), [1, 20, 21, 30, 40, 60]);
  assert.deepEqual(walk((at) => nextChange([CAR], at, -1, { first: 0, last: 50 }), 50), [40, 30, 21, 20, 1, 0]);
});

test("the nearest frame is never the one we are on", () => {
  assert.deepEqual([nearest([3, 7], 3, 1), nearest([3, 7], 7, -1), nearest([3, 7], 7, 1), nearest([3, 7], 3, -1)], [7, 3, null, null]);
});
