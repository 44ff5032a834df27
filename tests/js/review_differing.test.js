// Frames that differ from what runs wrote: how many, and the next one from either side.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nextFrame, tally } from "../../labeling/static/labeling/editor/review/differing.js";

const found = [
  { written: 20, changed: [[3, 5]], absent: [[9, 9]], gone: [] },
  { written: 10, changed: [], absent: [], gone: [[4, 4], [12, 13]] },
];

test("what differs is counted over all objects", () => {
  assert.deepEqual(tally(found), { written: 30, changed: 3, absent: 1, gone: 3 });
});

test("every differing frame is reached, and then from the other end again", () => {
  const reached = (from, by, times) => {
    const frames = [];
    let frame = from;
    for (let step = 0; step < times; step += 1) frames.push((frame = nextFrame(found, frame, by)));
    return frames;
  };
  assert.deepEqual(reached(0, 1, 7), [3, 4, 5, 9, 12, 13, 3]);
  assert.deepEqual(reached(10, -1, 5), [9, 5, 4, 3, 13]);
  assert.equal(nextFrame([{ written: 4, changed: [], absent: [], gone: [] }], 2, 1), null);
});
