// Steps of undo and redo, across pages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../labeling/static/labeling/editor/model/history.js";

const step = (key, undone = false) => ({ kind: "edit", key, title: key, undone, seq: null, patch: null });
const state = (history) => [history.undoable?.key ?? null, history.redoable?.key ?? null];

test("what was done last is undone first, and what was undone last is redone first", () => {
  const history = new History();
  ["a", "b", "c"].forEach((key) => history.push(step(key)));
  history.undoable.undone = true;
  history.undoable.undone = true;
  assert.deepEqual(state(history), ["a", "b"]);
  history.redoable.undone = false;
  assert.deepEqual(state(history), ["b", "c"]);
});

test("a new step takes the place of what was undone", () => {
  const history = new History();
  ["a", "b"].forEach((key) => history.push(step(key)));
  history.undoable.undone = true;
  history.push(step("c"));
  assert.deepEqual(state(history), ["c", null]);
  assert.deepEqual(history.steps.map(({ key }) => key), ["a", "c"]);
});

test("edits of earlier pages lie before those of this one; only those undone last can be redone", () => {
  const history = new History();
  history.push(step("now"));
  history.load([step("a"), step("b", true), step("c"), step("d", true), step("now")]);
  assert.deepEqual(history.steps.map(({ key }) => key), ["a", "c", "now"]);
  const fresh = new History();
  fresh.load([step("a"), step("b", true), step("c"), step("d", true), step("e", true)]);
  assert.deepEqual(state(fresh), ["c", "d"]);
});

test("an undo that an earlier page left to be sent counts", () => {
  const history = new History();
  history.load([step("a"), step("b")]);
  history.mark("b", true);
  assert.deepEqual(state(history), ["a", "b"]);
  history.mark("b", false);
  assert.deepEqual(state(history), ["b", null]);
});

test("what was refused never happened", () => {
  const history = new History();
  ["a", "b"].forEach((key) => history.push(step(key)));
  history.forget("b");
  assert.deepEqual(state(history), ["a", null]);
});

test("a step that comes back from elsewhere is the last that was done, and what is undone can still come back", () => {
  const history = new History();
  ["run", "edit", "last"].forEach((key) => history.push(step(key)));
  history.mark("last", true);
  const run = history.step("run");
  history.mark("run", true);
  assert.equal(history.step("run"), undefined);
  history.insert(run);
  assert.deepEqual(state(history), ["run", "last"]);
});
