// @ts-check
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { partsOf, Tally } from "../../labeling/static/labeling/pages/parts.js";

test("the parts make up the file", () => {
  assert.deepEqual(partsOf(7, 3), [
    { number: 1, first: 0, size: 3 },
    { number: 2, first: 3, size: 3 },
    { number: 3, first: 6, size: 1 },
  ]);
  assert.equal(partsOf(6, 3).length, 2);
});

test("what is sent is counted, and taken back when the line breaks", () => {
  const tally = new Tally(2);
  const [first, second] = /** @type {[any, any]} */ (partsOf(5, 3));
  tally.done(first);
  tally.part(second, 99); // what a request adds around the bytes is none of the file
  assert.equal(tally.loaded, 5);
  tally.back(second);
  assert.equal(tally.loaded, 3);
});

test("the digest is that over the digests of all parts, whatever their order", async () => {
  const bytes = Buffer.from("abcdefg");
  const tally = new Tally(3);
  const parts = partsOf(7, 3);
  for (const part of [...parts].reverse()) {
    assert.equal(await tally.digest(), "");
    await tally.hash(part, new Blob([bytes.subarray(part.first, part.first + part.size)]));
  }
  const digests = ["abc", "def", "g"].map((text) => createHash("sha256").update(text).digest());
  assert.equal(await tally.digest(), createHash("sha256").update(Buffer.concat(digests)).digest("hex"));
});
