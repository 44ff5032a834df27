// What the table shows for a filter, in which order, and over which frames an answer holds.
import assert from "node:assert/strict";
import test from "node:test";

import { framesOf } from "../../labeling/static/labeling/editor/panels/reach.js";
import { asksFrame, parseFilter } from "../../labeling/static/labeling/editor/table/filter.js";
import { sorted } from "../../labeling/static/labeling/editor/table/sorting.js";

function row(name, more = {}) {
  return {
    key: name, name, number: Number(name.split(" ")[1]), place: 0, className: name.split(" ")[0], color: "#000000", shape: "polygon",
    here: "drawn", score: null, made: ["h"], review: "unreviewed", first: 0, last: 9, count: 10, hidden: false, locked: false, unsaved: false, ...more,
  };
}

const rows = [
  row("Car 1"),
  row("Car 2", { here: "tracked", score: 0.83, made: ["h", "t"], review: "rejected" }),
  row("Truck 3", { here: "none", shape: "bounding_box", hidden: true, place: 1, first: 20 }),
  row("Car 10", { here: "absent", made: ["t"], locked: true }),
];

function names(text) {
  return rows.filter(parseFilter(text)).map((one) => one.name);
}

test("an empty filter shows all", () => assert.deepEqual(names("  "), ["Car 1", "Car 2", "Truck 3", "Car 10"]));
test("text is looked for in names, whatever its case", () => assert.deepEqual(names("TRUCK"), ["Truck 3"]));
test("quotes keep words together", () => assert.deepEqual(names('"car 1"'), ["Car 1", "Car 10"]));
test("all words have to hold", () => assert.deepEqual(names("class:car review:rejected"), ["Car 2"]));
test("here is a label with a shape", () => assert.deepEqual(names("here"), ["Car 1", "Car 2"]));
test("here:absent is a mark", () => assert.deepEqual(names("here:absent"), ["Car 10"]));
test("a minus turns a word around", () => assert.deepEqual(names("-here -hidden"), ["Car 10"]));
test("provenance is that of any of its labels", () => assert.deepEqual(names("provenance:tracked"), ["Car 2", "Car 10"]));
test("shapes are called as people call them", () => assert.deepEqual(names("shape:box"), ["Truck 3"]));
test("a score has a limit", () => assert.deepEqual(names("score<0.9"), ["Car 2"]));
test("a field without a value yet asks for nothing", () => assert.equal(names("class:").length, 4));
test("what depends on the frame is known", () => {
  assert.equal(asksFrame("here car"), true);
  assert.equal(asksFrame("class:car"), false);
});

function order(column, down = false) {
  return sorted(rows, { column, down }).map((one) => one.name);
}

test("by name is by class, then by number", () => assert.deepEqual(order("name"), ["Car 1", "Car 2", "Car 10", "Truck 3"]));
test("the other way round all is", () => assert.deepEqual(order("name", true), ["Truck 3", "Car 10", "Car 2", "Car 1"]));
test("rejected ones come first by review", () => assert.deepEqual(order("review"), ["Car 2", "Car 1", "Car 10", "Truck 3"]));
test("those without a score come last", () => assert.deepEqual(order("score"), ["Car 2", "Car 1", "Car 10", "Truck 3"]));
test("by frames is by the first", () => assert.deepEqual(order("frames"), ["Car 1", "Car 2", "Car 10", "Truck 3"]));

const task = { first: 0, last: 99 };
const answers = [{ first_frame: 0 }, { first_frame: 50 }];

test("an answer from here on ends before the next one", () => {
  assert.deepEqual(framesOf("on", 20, answers, task, null), [20, 49]);
  assert.deepEqual(framesOf("on", 50, answers, task, null), [50, 99]);
  assert.deepEqual(framesOf("on", 20, [], task, null), [20, 99]);
});
test("an answer holds on this frame, on all, or on those chosen", () => {
  assert.deepEqual(framesOf("here", 20, answers, task, [1, 2]), [20, 20]);
  assert.deepEqual(framesOf("whole", 20, answers, task, [1, 2]), [0, 99]);
  assert.deepEqual(framesOf("range", 20, answers, task, [30, 40]), [30, 40]);
  assert.deepEqual(framesOf("range", 20, answers, task, null), [20, 49]);
});
