// What is shown: windows of the server's labels with what waits over them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WINDOW } from "../../labeling/static/labeling/editor/model/store.js";
import { BUS, CAR, box, instanceMade, labelMade, put, storeMade } from "./tasks_made.js";

test("labels are painted by z-order, then by number", () => {
  const { store } = storeMade();
  assert.deepEqual(store.labelsOn(5).map(({ instance }) => instance), [CAR, BUS]);
  store.lay("a", [put(CAR, 5, 5, { z_order: 1 })]);
  assert.deepEqual(store.labelsOn(5).map(({ instance }) => instance), [BUS, CAR]);
});

test("what the server says anew leaves unsaved labels as they are shown", () => {
  const { store } = storeMade();
  store.lay("a", [put(CAR, 3, 70)]);
  store.replace(0, 63, [labelMade(CAR, 3, box(33), { version: 2 }), labelMade(CAR, 4, box(44), { version: 2 })]);
  assert.deepEqual([store.label(CAR, 3).shape.left, store.label(CAR, 4).shape.left, store.label(CAR, 5)], [70, 44, undefined]);
  store.lift("a");
  assert.equal(store.label(CAR, 3).shape.left, 33);
});

test("a range that is being removed is removed from frames that are read later too", () => {
  const { store } = storeMade();
  store.lay("a", [{ op: "labels.remove", instance: CAR, first: 5, last: 200, mark: false }]);
  store.keepWindow(1);
  store.replace(WINDOW, 2 * WINDOW - 1, [labelMade(CAR, 70, box(7))]);
  assert.equal(store.label(CAR, 70), undefined);
  store.lift("a");
  assert.equal(store.label(CAR, 70).shape.left, 7);
});

test("windows that were not needed for long are forgotten, unsaved labels in them are not", () => {
  const { store } = storeMade();
  store.lay("a", [put(CAR, 3, 70)]);
  for (let number = 1; number <= 100; number += 1) {
    store.keepWindow(number);
    store.replace(number * WINDOW, number * WINDOW + 1, [labelMade(CAR, number * WINDOW, box(1))]);
  }
  assert.equal(store.windows.size, 40);
  assert.ok(store.world.labels.size <= 40);
  assert.deepEqual([store.loaded(3), store.label(CAR, 3).shape.left, store.label(CAR, 4)], [false, 70, undefined]);
  assert.equal(store.loaded(100 * WINDOW), true);
});

test("labels of objects that somebody deleted leave, unsaved ones too", () => {
  const { store } = storeMade();
  store.lay("a", [put(BUS, 5, 70)]);
  store.setInstances([instanceMade(CAR, 1)]);
  assert.deepEqual(store.labelsOn(5).map(({ instance }) => instance), [CAR]);
  assert.equal(store.keyOf(2), undefined);
});

test("who shows labels is told of the frames that changed", () => {
  const { bench, store } = storeMade();
  store.lay("a", [put(CAR, 3, 70), put(CAR, 8, 70)]);
  assert.deepEqual(bench.told.filter(({ topic }) => topic === "labels").map(({ detail }) => detail), [{ first: 3, last: 8 }]);
});

test("rows of an earlier page are shown in their order", () => {
  const { store } = storeMade();
  store.relay([
    { id: "a", operations: [put(CAR, 3, 70)] },
    { id: "b", operations: [put(CAR, 3, 80)] },
    { id: "c", operations: [] },
  ]);
  assert.equal(store.label(CAR, 3).shape.left, 80);
  store.lift("b");
  assert.equal(store.label(CAR, 3).shape.left, 70);
});
