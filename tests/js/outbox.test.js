// What waits is kept in order, page by page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryShelf } from "../../labeling/static/labeling/editor/model/shelf.js";
import { CAR, outboxMade, put, rowMade } from "./tasks_made.js";

const ids = (rows) => rows.map(({ id }) => id);

test("what a page left is there after a reload, in order, as it was last", async () => {
  const shelf = new MemoryShelf();
  const before = outboxMade(shelf);
  const [a, b, c] = ["a", "b", "c"].map((id) => rowMade(id, [put(CAR, 1, 5)]));
  [a, b, c].forEach((row) => before.add(row));
  b.operations = [put(CAR, 1, 9)];
  before.keep(b);
  before.drop(a);
  await before.writing;
  const after = outboxMade(shelf);
  assert.deepEqual(ids(await after.adopt("here", new Set(["here"]))), ["b", "c"]);
  assert.deepEqual(after.rows[0].operations, [put(CAR, 1, 9)]);
});

test("another page that lives sends its own; one that is no more is taken over, once", async () => {
  const shelf = new MemoryShelf();
  const other = outboxMade(shelf);
  other.add(rowMade("a", [], { tab: "other" }));
  await other.writing;
  const here = outboxMade(shelf);
  assert.deepEqual(ids(await here.adopt("here", new Set(["here", "other"]))), []);
  assert.deepEqual(ids(await here.adopt("here", new Set(["here"]))), ["a"]);
  assert.deepEqual(ids(await here.adopt("here", new Set(["here"]))), []);
  await here.writing;
  assert.equal((await shelf.all())[0].tab, "here");
});

test("what was left goes before what was done here, and after what may be on its way", async () => {
  const shelf = new MemoryShelf();
  const left = outboxMade(shelf);
  left.add(rowMade("left", [], { tab: "gone" }));
  await left.writing;
  const here = outboxMade(shelf);
  here.add(rowMade("sent", [], { attempted: true }));
  here.add(rowMade("new", []));
  await here.adopt("here", new Set(["here"]));
  assert.deepEqual(ids(here.rows), ["sent", "left", "new"]);
});

test("what was done before the shelf opened is kept as new", async () => {
  const shelf = new MemoryShelf();
  const earlier = outboxMade(shelf);
  earlier.add(rowMade("a", []));
  await earlier.writing;
  const here = outboxMade(shelf);
  here.add(rowMade("b", []));
  await here.writing;
  assert.deepEqual(ids(await shelf.all()), ["a", "b"]);
});

test("what was refused is kept until it was seen, and not sent", async () => {
  const shelf = new MemoryShelf();
  const before = outboxMade(shelf);
  const row = rowMade("a", []);
  before.add(row);
  before.refuse(row, "The box lies outside.");
  await before.writing;
  const after = outboxMade(shelf);
  assert.deepEqual(await after.adopt("here", new Set(["here"])), []);
  assert.deepEqual(after.refused.map(({ refused }) => refused), ["The box lies outside."]);
  after.drop(after.refused[0]);
  await after.writing;
  assert.deepEqual(await shelf.all(), []);
});

test("a shelf that fails leaves what waits in memory, and the page says that it does not last", async () => {
  const shelf = new MemoryShelf();
  shelf.lasts = true;
  shelf.put = () => Promise.reject(new Error("The disk is full."));
  const outbox = outboxMade(shelf);
  outbox.add(rowMade("a", []));
  await outbox.writing;
  assert.deepEqual([ids(outbox.rows), outbox.lasts], [["a"], false]);
});

test("what was taken back while the shelf is looked through does not come again", async () => {
  const shelf = new MemoryShelf();
  const outbox = outboxMade(shelf);
  const row = rowMade("a", []);
  outbox.add(row);
  await outbox.writing;
  const looking = outbox.adopt("here", new Set(["here"]));
  outbox.drop(row);
  assert.deepEqual([await looking, outbox.rows], [[], []]);
});
