// The versions that edits are made upon, and edits that join or settle a conflict.

import assert from "node:assert/strict";
import { test } from "node:test";
import { resolved } from "../../labeling/static/labeling/editor/model/resolve.js";
import { joined, renewed, withVersions } from "../../labeling/static/labeling/editor/model/versions.js";
import { BUS, CAR, box, put } from "./tasks_made.js";

const absent = (instance, frame, more = {}) => ({ op: "label.absent", instance, frame, ...more });

test("the first word on a label carries the version that was seen, those after it build on it", () => {
  const seen = withVersions([put(CAR, 1, 5), absent(CAR, 1), put(BUS, 1, 5)], (key) => (key === CAR ? 3 : 0));
  assert.deepEqual(seen.map(({ version }) => version), [3, undefined, 0]);
});

test("nothing is asked of labels of frames that were not read, nor after the whole object was changed", () => {
  assert.equal(withVersions([put(CAR, 900, 5)], () => undefined)[0].version, undefined);
  const seen = withVersions([{ op: "labels.remove", instance: CAR, first: 0, last: 9, mark: false }, put(CAR, 1, 5)], () => 3);
  assert.equal(seen[1].version, undefined);
});

test("what waits is told the versions that a saved edit left", () => {
  const waiting = [put(CAR, 1, 5, { version: 3 }), absent(CAR, 2, { version: 1 }), put(CAR, 3, 5)];
  const after = renewed(waiting, { versions: new Map([["1 carcarca", 4], ["2 carcarca", 0], ["3 carcarca", 9]]), unknown: new Set() });
  assert.deepEqual(after.map(({ version }) => version), [4, 0, undefined]);
  assert.equal(renewed(waiting, { versions: new Map([["1 busbusbu", 4]]), unknown: new Set() }), null);
});

test("where the server told too little, nothing is asked", () => {
  const after = renewed([put(CAR, 1, 5, { version: 3 }), put(BUS, 1, 5, { version: 3 })], { versions: new Map(), unknown: new Set([CAR]) });
  assert.deepEqual(after.map(({ version }) => version), [undefined, 3]);
});

test("moves of the same labels that follow each other are one, upon the version seen first", () => {
  const first = [put(CAR, 1, 5, { version: 3 }), put(BUS, 1, 5, { version: 1 })];
  const both = joined(first, [put(CAR, 1, 6, { version: 3 }), put(BUS, 1, 7, { version: 1 })]);
  assert.deepEqual(both, [put(CAR, 1, 6, { version: 3 }), put(BUS, 1, 7, { version: 1 })]);
});

test("a put does not move before something else that happened to the object", () => {
  const first = [put(CAR, 1, 5, { version: 3 }), { op: "labels.remove", instance: CAR, first: 0, last: 9, mark: false }];
  assert.equal(joined(first, [put(CAR, 1, 6)]).length, 3);
});

const CONFLICT = { version: 8, newKey: "newnewne", objectClass: 1 };
const EDITS = [[put(BUS, 1, 1), put(CAR, 1, 5, { version: 3 })], [absent(CAR, 1, { version: 3 }), put(CAR, 2, 6, { version: 1 })]];

test("keeping mine puts it upon theirs", () => {
  const [first, second] = resolved(EDITS, 1, { ...CONFLICT, choice: "mine" });
  assert.deepEqual(first, [put(BUS, 1, 1), put(CAR, 1, 5, { version: 8 })]);
  assert.equal(second, EDITS[1]);
});

test("taking theirs drops what was done to the label here, and nothing else", () => {
  assert.deepEqual(resolved(EDITS, 1, { ...CONFLICT, choice: "theirs" }), [[put(BUS, 1, 1)], [put(CAR, 2, 6, { version: 1 })]]);
});

test("keeping both makes mine an object of its own, and what follows goes with it", () => {
  const [first, second] = resolved(EDITS, 1, { ...CONFLICT, choice: "both" });
  assert.deepEqual(first, [
    { op: "instance.create", instance: "newnewne", object_class: 1 },
    put(BUS, 1, 1),
    { op: "label.put", instance: "newnewne", frame: 1, shape: box(5), version: 0 },
  ]);
  assert.deepEqual(second.map(({ instance, frame }) => [instance, frame]), [["newnewne", 1], [CAR, 2]]);
});
