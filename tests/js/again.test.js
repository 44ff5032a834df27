// How far an object was tracked on from a corrected label.

import assert from "node:assert/strict";
import { test } from "node:test";
import { trackedOnTo } from "../../labeling/static/labeling/editor/jobs/again.js";

const track = (...spans) => ({ spans });

test("from a label by hand to the last tracked frame before the next one by hand, gaps or not", () => {
  const corrected = track([0, 0, "h"], [1, 4, "t"], [5, 5, "h"], [6, 8, "t"], [11, 14, "t"], [20, 20, "h"], [21, 30, "t"]);
  assert.equal(trackedOnTo(corrected, 5), 14);
  assert.equal(trackedOnTo(corrected, 0), 4);
  assert.equal(trackedOnTo(corrected, 20), 30);
});

test("not from a tracked label, from a gap, or where nothing was tracked on", () => {
  const one = track([0, 0, "h"], [1, 4, "t"], [5, 7, "h"], [9, 12, "i"]);
  assert.deepEqual([3, 8, 7, 6, 99].map((frame) => trackedOnTo(one, frame)), [null, null, null, null, null]);
});
