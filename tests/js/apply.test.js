// Operations laid over what the server said, and taken off again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BUS, CAR, ME, box, labelMade, put, storeMade } from "./tasks_made.js";

const shapesOf = (store, key) => store.over.labelsOf(key).map(({ frame, shape }) => [frame, shape?.left ?? null]);

test("a put shows at once as a person's unsaved label, and the world keeps what it had", () => {
  const { store } = storeMade();
  store.lay("a", [put(CAR, 3, 70, { z_order: 4, occluded: true })]);
  const label = store.label(CAR, 3);
  assert.deepEqual(label.shape, box(70));
  assert.deepEqual(
    [label.provenance, label.protected, label.confidence, label.author, label.unsaved, label.version, label.z_order, label.occluded],
    ["manual", true, 1, ME, true, 1, 4, true],
  );
  assert.equal(store.world.label(CAR, 3).shape.left, 3);
  store.lift("a");
  assert.equal(store.label(CAR, 3).shape.left, 3);
  assert.equal(store.label(CAR, 3).unsaved, undefined);
});

test("a put keeps z-order and occlusion when it says nothing of them", () => {
  const { store } = storeMade();
  store.lay("a", [put(CAR, 3, 70, { z_order: 4, occluded: true })]);
  store.lay("b", [put(CAR, 3, 80)]);
  assert.deepEqual([store.label(CAR, 3).z_order, store.label(CAR, 3).occluded], [4, true]);
});

test("absent marks, removing one label, and removing a range with and without marks", () => {
  const { store } = storeMade();
  store.lay("a", [{ op: "label.absent", instance: CAR, frame: 0 }, { op: "label.remove", instance: CAR, frame: 1 }]);
  store.lay("b", [{ op: "labels.remove", instance: CAR, first: 4, last: 6, mark: true }]);
  store.lay("c", [{ op: "labels.remove", instance: CAR, first: 8, last: 20, mark: false }]);
  assert.deepEqual(shapesOf(store, CAR), [[0, null], [2, 2], [3, 3], [4, null], [5, null], [6, null], [7, 7]]);
  assert.equal(store.instances.get(CAR).labelled.count, 3);
});

test("a new object has its labels, its name, and no number until the server gives it one", () => {
  const { store } = storeMade();
  store.lay("a", [{ op: "instance.create", instance: "newnewne", object_class: 2 }, put("newnewne", 5, 1)]);
  assert.deepEqual([store.instances.get("newnewne").id, store.instances.get("newnewne").number], [null, 0]);
  assert.equal(store.labelsOn(5).at(-1).instance, "newnewne");
  assert.deepEqual(store.instances.get("newnewne").labelled, { first: 5, last: 5, count: 1 });
  store.lift("a");
  assert.equal(store.instances.has("newnewne"), false);
  assert.deepEqual(store.labelsOn(5).map(({ instance }) => instance), [CAR, BUS]);
});

test("deleting an object takes its labels, answers and decisions along, and lifting brings all back", () => {
  const { store } = storeMade();
  store.setAnswers(new Map([[CAR, [{ definition: 9, value: "red", first_frame: null, last_frame: null }]]]), []);
  store.lay("a", [{ op: "instance.delete", instance: CAR }]);
  assert.deepEqual([store.instances.has(CAR), store.labelsOn(3).length, store.answers(CAR).length], [false, 0, 0]);
  store.lift("a");
  assert.deepEqual([store.instances.has(CAR), store.labelsOn(3).length, store.answers(CAR).length], [true, 1, 1]);
});

test("merging keeps the first object's label where both have one", () => {
  const { store } = storeMade();
  store.lay("a", [put(BUS, 20, 200)]);
  store.lay("b", [{ op: "instance.merge", instance: CAR, others: [BUS] }]);
  assert.equal(store.instances.has(BUS), false);
  assert.equal(store.label(CAR, 5).shape.left, 5);
  assert.equal(store.label(CAR, 20).shape.left, 200);
});

test("splitting moves labels, ranged answers and decisions from the frame on, and copies static answers", () => {
  const { store } = storeMade();
  const fixed = { definition: 1, value: "red", first_frame: null, last_frame: null };
  store.setAnswers(new Map([[CAR, [fixed, { definition: 2, value: "left", first_frame: 0, last_frame: 9 }]]]), []);
  store.setDecisions(new Map([[CAR, [{ instance: CAR, first_frame: 6, last_frame: 8, decision: "accepted", reason: "", seq: 1 }]]]));
  store.lay("a", [{ op: "instance.split", instance: CAR, frame: 7, into: "newnewne" }]);
  assert.deepEqual(shapesOf(store, CAR).map(([frame]) => frame), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(shapesOf(store, "newnewne").map(([frame]) => frame), [7, 8, 9]);
  assert.deepEqual(store.answers(CAR), [fixed, { definition: 2, value: "left", first_frame: 0, last_frame: 6 }]);
  assert.deepEqual(store.answers("newnewne"), [fixed, { definition: 2, value: "left", first_frame: 7, last_frame: 9 }]);
  assert.deepEqual(store.decisions(CAR).map((one) => [one.first_frame, one.last_frame]), [[6, 6]]);
  assert.deepEqual(store.decisions("newnewne").map((one) => [one.instance, one.first_frame, one.last_frame]), [["newnewne", 7, 8]]);
});

test("answers over ranges cut those they cover; null takes back", () => {
  const { store } = storeMade();
  store.lay("a", [{ op: "answer.put", instance: CAR, definition: 2, value: "left", first: 0, last: 9 }]);
  store.lay("b", [{ op: "answer.put", instance: CAR, definition: 2, value: "right", first: 4, last: 5 }]);
  store.lay("c", [{ op: "answer.put", instance: CAR, definition: 2, value: null, first: 8, last: 9 }]);
  assert.deepEqual([3, 4, 5, 6, 8].map((frame) => store.answerAt(CAR, 2, frame)?.value ?? null), ["left", "right", "right", "left", null]);
  store.lay("d", [{ op: "classification.put", definition: 5, value: ["fog"], first: 0, last: 3 }]);
  assert.deepEqual([store.classificationAt(5, 3)?.value, store.classificationAt(5, 4)], [["fog"], undefined]);
});

test("decisions show on the labels of their range, and a label drawn after a rejection is unreviewed", () => {
  const { store } = storeMade();
  store.lay("a", [{ op: "review.decide", instance: CAR, decision: "rejected", first: 2, last: 4, reason: "Loose" }]);
  assert.deepEqual([1, 2, 4, 5].map((frame) => store.label(CAR, frame).review), ["unreviewed", "rejected", "rejected", "unreviewed"]);
  store.lay("b", [put(CAR, 2, 99)]);
  assert.equal(store.label(CAR, 2).review, "unreviewed");
  store.lay("c", [{ op: "review.decide", instance: CAR, decision: "cleared", first: 3, last: 3 }]);
  assert.deepEqual([3, 4].map((frame) => store.label(CAR, frame).review), ["unreviewed", "rejected"]);
});

test("an edit that the server has is shown undone but for what somebody touched since", () => {
  const { store } = storeMade();
  const patch = store.lay("a", [put(CAR, 2, 70), put(CAR, 3, 71), { op: "label.remove", instance: CAR, frame: 4 }]);
  // The server wrote it as change 10; somebody moved frame 3 in change 11.
  store.world.put(labelMade(CAR, 2, box(70), { seq: 10, version: 2 }));
  store.world.put(labelMade(CAR, 3, box(88), { seq: 11, version: 3 }));
  store.world.labels.get(4).delete(CAR);
  store.confirm("a");
  store.layBack("b", patch, 10);
  assert.deepEqual([2, 3, 4].map((frame) => store.label(CAR, frame)?.shape.left), [2, 88, 4]);
  store.lift("b");
  assert.deepEqual([2, 3, 4].map((frame) => store.label(CAR, frame)?.shape.left), [70, 88, undefined]);
});

test("undoing the making of an object takes it away, and redoing brings it again", () => {
  const { store } = storeMade();
  const made = store.lay("a", [{ op: "instance.create", instance: "newnewne", object_class: 1 }, put("newnewne", 3, 1)]);
  const unmade = store.layBack("b", made, null);
  assert.equal(store.instances.has("newnewne"), false);
  store.layBack("c", unmade, null);
  assert.equal(store.label("newnewne", 3).shape.left, 1);
});
