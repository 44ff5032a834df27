// What the timeline knows of one object, and what a page's own labels do to it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyTrack, indexAt, keysOf, patched, replaced, sameTrack, stateAt } from "../../labeling/static/labeling/editor/timeline/track.js";

/** @param {number} frame @param {object} [given] */
function label(frame, given = {}) {
  return { frame, shape: {}, provenance: "tracked", confidence: 1, protected: false, job: null, ...given };
}

test("a span is found by any of its frames, and a gap leads to the one after it", () => {
  const spans = [[2, 4, "t"], [8, 8, "h"]];
  assert.deepEqual([0, 2, 4, 5, 8, 9].map((frame) => indexAt(spans, frame)), [0, 0, 0, 1, 1, 2]);
});

test("cutting frames out splits a span, and what is put there joins its like", () => {
  assert.deepEqual(replaced([[0, 9, "t"]], 4, 5, []), [[0, 3, "t"], [6, 9, "t"]]);
  assert.deepEqual(replaced([[0, 9, "t"]], 4, 5, [[4, 4, "t"], [5, 5, "h"]]), [[0, 4, "t"], [5, 5, "h"], [6, 9, "t"]]);
  assert.deepEqual(replaced([[0, 3, "t"], [6, 9, "t"]], 4, 5, [[4, 4, "t"], [5, 5, "t"]]), [[0, 9, "t"]]);
  assert.deepEqual(replaced([[1, 2], [6, 7]], 3, 5, [[3, 3], [5, 5]]), [[1, 3], [5, 7]]);
});

test("spans that were given are not changed by cutting", () => {
  const spans = [[0, 9, "t"]];
  replaced(spans, 4, 5, [[4, 4, "t"], [5, 5, "t"]]);
  assert.deepEqual(spans, [[0, 9, "t"]]);
});

test("key frames stand alone or beside a machine's frames", () => {
  const spans = [[0, 0, "h"], [5, 7, "h"], [8, 9, "t"], [10, 12, "h"], [13, 13, "i"], [20, 24, "h"]];
  assert.deepEqual(keysOf(spans), [0, 7, 10, 12]);
});

test("labels of the page replace what was told of their frames and leave the others", () => {
  const told = { spans: [[0, 9, "t"]], keys: [], prompted: [2], absent: [[10, 12]], low: [[1, 0.3], [5, 0.2]], drops: [[2, 0.5], [4, 0.4]], jumps: [[5, 0.9], [6, 0.8]] };
  const now = patched(told, 4, 10, [
    label(4, { job: 7 }), label(5, { provenance: "manual", protected: true }), label(6, { confidence: 0.4 }), label(7, { confidence: 0.25 }),
    label(8, { provenance: "prompted" }), label(9, { shape: null, protected: true }),
  ]);
  assert.deepEqual(now, {
    spans: [[0, 4, "t"], [5, 5, "h"], [6, 7, "t"], [8, 8, "h"]],
    keys: [5, 8],
    prompted: [2, 8],
    absent: [[9, 9], [11, 12]],
    low: [[1, 0.3], [7, 0.25]],
    // Hints stay with labels of runs: not where a person drew, or where no run's label stands now.
    drops: [[2, 0.5], [4, 0.4]],
    jumps: [],
  });
});

test("an accepted label counts as drawn by hand, and has no dip", () => {
  const now = patched(emptyTrack(), 0, 0, [label(0, { protected: true, confidence: 0.1 })]);
  assert.deepEqual([now.spans, now.low], [[[0, 0, "h"]], []]);
});

test("the same labels again are no change", () => {
  const labels = [label(3), label(4, { confidence: 0.2 }), label(5, { shape: null })];
  const once = patched(emptyTrack(), 0, 9, labels);
  assert.ok(sameTrack(once, patched(once, 0, 9, labels)));
  assert.ok(!sameTrack(once, patched(once, 0, 9, labels.slice(1))));
});

test("a frame is of a kind, absent, or nothing", () => {
  const track = { ...emptyTrack(), spans: [[0, 3, "i"]], absent: [[5, 6]] };
  assert.deepEqual([3, 4, 5, 6, 7].map((frame) => stateAt(track, frame)), ["i", null, "absent", "absent", null]);
});
