// Frames to pixels of the timeline and back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TimeScale } from "../../labeling/static/labeling/editor/timeline/scale.js";

/** @param {number} first @param {number} last @param {number} width */
function scaleOf(first, last, width) {
  const scale = new TimeScale(first, last);
  scale.resize(width);
  return scale;
}

test("at first all frames are in sight", () => {
  const scale = scaleOf(100, 299, 1000);
  assert.equal(scale.x(100), 0);
  assert.equal(scale.x(300), 1000);
  assert.deepEqual([scale.frameAt(0), scale.frameAt(999.9), scale.frameAt(-50), scale.frameAt(5000)], [100, 299, 100, 299]);
});

test("every frame is found at its middle, at any zoom", () => {
  const scale = scaleOf(0, 9999, 1200);
  for (const factor of [1, 7, 300]) {
    scale.zoomAt(500, factor);
    for (let frame = Math.ceil(scale.start); frame < scale.start + scale.span - 1; frame += 37) assert.equal(scale.frameAt(scale.middle(frame)), frame);
  }
});

test("zooming keeps the frame under the pointer, and ends at all frames", () => {
  const scale = scaleOf(0, 999, 1000);
  scale.zoomAt(500, 4);
  assert.equal(scale.frameAt(500), 500);
  assert.ok(!scale.fitted);
  scale.zoomAt(100, 0.001);
  assert.ok(scale.fitted);
  assert.equal(scale.start, 0);
});

test("moving stops at both ends", () => {
  const scale = scaleOf(0, 999, 1000);
  scale.zoomAt(500, 10);
  scale.panBy(-1e6);
  assert.equal(scale.start, 0);
  scale.panBy(1e6);
  assert.equal(scale.start + scale.span, 1000);
});

test("a frame out of sight is brought into sight, one in sight moves nothing", () => {
  const scale = scaleOf(0, 999, 1000);
  scale.zoomAt(0, 10);
  assert.equal(scale.reveal(50), false);
  for (const frame of [700, 20, 999, 0]) {
    scale.reveal(frame);
    assert.ok(scale.x(frame) >= 0 && scale.x(frame + 1) <= 1000);
  }
});

test("numbers on the ruler are round and far enough apart to read", () => {
  for (const factor of [1, 3, 20, 100]) {
    const scale = scaleOf(0, 9999, 1200);
    scale.zoomAt(600, factor);
    const ticks = scale.ticks();
    const step = ticks[1] - ticks[0];
    assert.ok([1, 2, 5].includes(step / 10 ** Math.floor(Math.log10(step))));
    assert.ok(step * scale.perFrame >= 72);
    assert.ok(ticks.every((frame) => frame % step === 0));
  }
});

test("a stage of another size keeps all frames in sight when they were", () => {
  const scale = scaleOf(0, 99, 1000);
  scale.resize(500);
  assert.equal(scale.x(100), 500);
});
