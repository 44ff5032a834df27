// Runs in words: what was ordered, how it stands, what taking it back came to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { broughtBack, standing, takenBack, titleOf } from "../../labeling/static/labeling/editor/jobs/runs.js";

const counts = (told) => ({ kept: 0, kept_own: 0, instances: 0, ...told });

test("taking a run back says what it removed and kept, and whose that is", () => {
  assert.equal(takenBack(counts({ removed: 34, kept: 3, kept_own: 3 })), "Removed 34, kept 3 you edited.");
  assert.equal(takenBack(counts({ removed: 1 })), "Removed 1 label.");
  assert.equal(takenBack(counts({ removed: 8, kept: 3, kept_own: 1 })), "Removed 8, kept 3 that were changed since (1 by you).");
  assert.equal(takenBack(counts({ removed: 12, instances: 4 })), "Removed 12 labels and 4 objects.");
  assert.equal(broughtBack(counts({ written: 5, kept: 2 })), "Brought back 5, kept 2 that were changed since.");
});

test("a run is named after what was ordered", () => {
  const names = new Map([[1, "Car"], [2, "Bus"]]);
  const nameOf = (id) => names.get(id);
  assert.equal(titleOf({ kind: "track", parameters: { instances: [4] } }, nameOf), "Tracking of 1 object");
  assert.equal(titleOf({ kind: "interpolate", parameters: { instances: [4, 5] } }, nameOf), "Interpolation of 2 objects");
  const classes = (...ids) => ({ kind: "detect_all", parameters: { classes: ids.map((one) => ({ object_class: one })) } });
  assert.equal(titleOf(classes(1, 2), nameOf), "Detection of Car, Bus");
  assert.equal(titleOf(classes(1, 2, 3, 4), nameOf), "Detection of 4 classes");
});

test("a run whose worker is gone waits for one, wherever it is", () => {
  const job = { kind: "track", state: "running", frames_done: 18, frames_total: 30, finished_at: null };
  assert.equal(standing({ ...job, waiting_for_worker: false }), "Tracking 18/30");
  assert.equal(standing({ ...job, waiting_for_worker: true }), "Waiting for a worker, 18/30");
  assert.equal(standing({ ...job, state: "queued", waiting_for_worker: false, queue_position: 3 }), "Queued, position 3");
});
