// Drafts of SAM mode: what is asked, which answers count, what is kept, what is said meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Aside } from "../../labeling/static/labeling/editor/sam/aside.js";
import { SamDraft } from "../../labeling/static/labeling/editor/sam/draft.js";
import { kept, titleOf } from "../../labeling/static/labeling/editor/sam/keep.js";
import { Results } from "../../labeling/static/labeling/editor/sam/results.js";
import { anySegmentable, segmentable, subjectOf } from "../../labeling/static/labeling/editor/sam/segmentable.js";
import { waitingSays } from "../../labeling/static/labeling/editor/sam/waiting.js";

const CAR = { id: 7, name: "Car", shape: "bitmask", archived: false };
const NOSE = { id: 8, name: "Nose", shape: "point", archived: false };
const BOX = { left: 1, top: 2, width: 3, height: 4 };
const draftOf = (key = null) => new SamDraft("d", { key, of: CAR, frame: 5 });
const done = (...confidences) => ({
  id: "p", state: "done", code: "", sentence: "", position: null, made_by: { name: "classical", version: "classical 1" },
  shapes: confidences.map((confidence) => ({ shape: { confidence }, confidence })),
});
const standing = (state, position = null, sentence = "") => ({ state, position, sentence });

test("each prompt has all points and the box, and a greater seq", () => {
  const draft = draftOf();
  draft.point({ x: 1, y: 2, include: true });
  assert.deepEqual(draft.body({ object_class: 7 }), { draft_id: "d", seq: 1, frame: 5, object_class: 7, points: draft.points });
  draft.drag(BOX, "object");
  draft.point({ x: 3, y: 4, include: false });
  const body = draft.body({ instance: 3 });
  assert.deepEqual([body.seq, body.box, body.points.length, body.instance], [2, BOX, 2, 3]);
});

test("an area is asked for by its box alone, a whole frame by nothing", () => {
  const draft = draftOf();
  draft.drag(BOX, "area");
  assert.deepEqual(draft.body({}), { draft_id: "d", seq: 1, frame: 5, mode: "area", box: BOX });
  const all = new SamDraft("d", draft.subject, "all");
  assert.equal(all.asks, true);
  assert.deepEqual(all.body({ object_class: 7 }), { draft_id: "d", seq: 1, frame: 5, object_class: 7, mode: "all" });
  Object.assign(all, { words: "red car", threshold: 0.2 });
  assert.deepEqual(all.body({}), { draft_id: "d", seq: 2, frame: 5, mode: "all", words: "red car", threshold: 0.2 });
});

test("only the answer to what was sent last counts", () => {
  const draft = draftOf();
  draft.point({ x: 1, y: 2, include: true });
  draft.body({});
  draft.point({ x: 2, y: 2, include: true });
  draft.body({});
  assert.equal(draft.take(1, done(0.5)), false);
  assert.deepEqual([draft.state, draft.shapes], ["waiting", []]);
  assert.equal(draft.take(2, done(0.9)), true);
  assert.deepEqual([draft.current, draft.madeBy], [true, "classical 1"]);
  const madeBy = (made_by) => {
    const told = draftOf();
    told.point({ x: 1, y: 2, include: true });
    told.body({});
    told.take(told.seq, { ...done(0.9), made_by });
    return told.madeBy;
  };
  assert.equal(madeBy({ name: "classical", version: "classical 1", device: "cpu" }), "classical 1 on cpu");
  assert.equal(madeBy({ name: "sam2", version: "tiny on cuda, float32", device: "cuda" }), "tiny on cuda, float32");
  assert.equal(draft.take(2, done(0.1)), false);
});

test("a failure keeps points and what was shown, and says why", () => {
  const draft = draftOf();
  draft.point({ x: 1, y: 2, include: true });
  draft.body({});
  draft.take(1, done(0.9));
  draft.body({});
  draft.take(2, { ...done(), state: "failed", sentence: "The worker ended." });
  assert.deepEqual([draft.state, draft.sentence, draft.points.length, draft.shapes.length, draft.current], ["failed", "The worker ended.", 1, 1, false]);
});

test("what was set last is taken back first", () => {
  const draft = draftOf();
  draft.point({ x: 1, y: 2, include: true });
  draft.drag(BOX, "object");
  draft.drag({ ...BOX, left: 9 }, "object");
  draft.point({ x: 3, y: 4, include: false });
  assert.equal(draft.back(), true);
  assert.equal(draft.points.length, 1);
  assert.equal(draft.back(), true);
  assert.equal(draft.box, null);
  assert.equal(draft.back(), false);
});

test("points that exclude say nothing by themselves", () => {
  const draft = draftOf();
  draft.point({ x: 3, y: 4, include: false });
  assert.equal(draft.asks, false);
  draft.drag(BOX, "object");
  assert.equal(draft.asks, true);
});

test("what is said while one waits comes with time", () => {
  const at = (ms, now = null) => waitingSays(ms, now);
  const away = standing("no_worker", null, "No worker is online.");
  assert.deepEqual(at(0), { ring: false, sentence: "" });
  assert.equal(at(199).ring, false);
  assert.deepEqual(at(200), { ring: true, sentence: "" });
  assert.equal(at(600).sentence, "Preparing frame…");
  assert.equal(at(999, standing("waiting", 3)).sentence, "Preparing frame…");
  assert.equal(at(1000, standing("waiting", 3)).sentence, "Queued, position 3");
  assert.equal(at(9000, standing("waiting", 0)).sentence, "Preparing frame…");
  assert.equal(at(4999, away).sentence, "Preparing frame…");
  assert.equal(at(5000, away).sentence, "No worker is online.");
});

test("of many that were found those count that are sure enough and were not deleted", () => {
  const { shapes } = done(0.91, 0.7, 0.55, 0.306);
  const results = new Results(shapes);
  assert.deepEqual([results.threshold, results.count], [0.3, "4 of 4"]);
  results.threshold = 0.7;
  assert.deepEqual([results.kept.map((one) => one.confidence), results.count], [[0.91, 0.7], "2 of 4"]);
  results.remove(shapes[0]);
  assert.deepEqual(results.kept, [shapes[1]]);
  assert.deepEqual([new Results(shapes, 0.6).count, new Results(shapes, 0.6).floor], ["2 of 4", 0.3]);
  assert.deepEqual([new Results([]).count, new Results([]).threshold], ["0 of 0", 1]);
});

test("what was deleted stays so when less sure ones are asked for, and comes back by undo only", () => {
  const box = (left, confidence) => ({ shape: { left, top: 0, width: 10, height: 10 }, confidence });
  const before = new Results([box(0, 0.9), box(40, 0.8)], 0.5);
  before.remove(before.found[0]);
  const after = new Results([box(0.5, 0.9), box(40, 0.8), box(6, 0.3)], 0.2);
  after.follow(before, (one) => one.shape);
  assert.deepEqual(after.kept, after.found.slice(1));
  after.remove(after.found[2]);
  assert.deepEqual([after.restore(), after.kept], [true, after.found.slice(1)]);
  assert.deepEqual([after.restore(), after.kept, after.restore()], [true, after.found, false]);
});

test("a draft becomes a new object, the label of one, or many objects", () => {
  let made = 0;
  const how = { newKey: () => `new-${(made += 1)}`, exclude: false };
  const { shapes } = done(0.9, 0.8);
  const put = (instance, shape) => ({ op: "label.put", instance, frame: 5, shape, provenance: "prompted" });
  assert.deepEqual(kept(draftOf().subject, shapes.slice(0, 1), how), {
    keys: ["new-1"],
    operations: [{ op: "instance.create", instance: "new-1", object_class: 7 }, put("new-1", shapes[0].shape)],
  });
  assert.deepEqual(kept(draftOf("old").subject, shapes.slice(0, 1), { ...how, exclude: true }), {
    keys: ["old"],
    operations: [{ ...put("old", shapes[0].shape), exclude_bitmasks: true }],
  });
  assert.deepEqual(kept(draftOf().subject, shapes, how).keys, ["new-2", "new-3"]);
  const puts = kept(draftOf().subject, shapes, { ...how, exclude: true }).operations.filter(({ op }) => op === "label.put");
  assert.deepEqual(puts.map((one) => [one.exclude_bitmasks, one.skip_covered]), [[true, true], [true, true]]);
  assert.deepEqual([titleOf("Car 3", 1, false), titleOf("Car", 4, true)], ["Segment Car 3", "Detect 4 objects of Car"]);
});

test("what cannot be segmented is said with its reason", () => {
  const facts = { mayEdit: true, barrier: "", kind: "video", classes: [NOSE] };
  assert.equal(segmentable({ facts }, CAR), true);
  assert.match(String(segmentable({ facts }, NOSE)), /keypoint \(“Nose”\)/);
  assert.equal(segmentable({ facts: { ...facts, kind: "opaque", noun: "an audio file" } }, CAR), "An audio file cannot be segmented: it has no pictures.");
  assert.equal(segmentable({ facts: { ...facts, mayEdit: false, barrier: "Look only." } }, CAR), "Look only.");
  assert.match(String(anySegmentable({ facts, currentClass: NOSE })), /keypoint/);
  assert.equal(anySegmentable({ facts: { ...facts, classes: [NOSE, CAR] }, currentClass: NOSE }), true);
});

test("a draft is for the selected object if there is one only, else for a new one of the chosen class", () => {
  const store = { instances: new Map([["a", { key: "a", object_class: 7 }], ["b", { key: "b", object_class: 7 }]]), label: () => null };
  const bench = { facts: { mayEdit: true, kind: "video" }, store, shown: 5, currentClass: CAR, classOf: () => CAR, hidden: new Set(), locked: new Set(["b"]) };
  const with_ = (...keys) => subjectOf({ ...bench, selection: new Set(keys) });
  assert.deepEqual(with_(), { key: null, of: CAR, frame: 5 });
  assert.deepEqual(with_("a"), { key: "a", of: CAR, frame: 5 });
  assert.deepEqual(with_("a", "b").key, null);
  assert.match(with_("b"), /locked/);
});

test("a draft that was put aside is there again on its frame, unless its object is gone", () => {
  const aside = new Aside();
  const [fresh, held] = [draftOf(), draftOf("a")];
  aside.put(fresh);
  assert.equal(aside.take(4, new Map()), null);
  assert.equal(aside.take(5, new Map()), fresh);
  assert.equal(aside.take(5, new Map()), null);
  aside.put(held);
  assert.equal(aside.take(5, new Map([["a", {}]])), held);
  aside.put(held);
  assert.equal(aside.take(5, new Map()), null);
});
