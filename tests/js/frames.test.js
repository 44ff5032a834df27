// Which pictures are fetched, kept and due.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../labeling/static/labeling/editor/frames/clock.js";
import { Pictures } from "../../labeling/static/labeling/editor/frames/pictures.js";
import { timeText } from "../../labeling/static/labeling/editor/frames/times.js";
import { neighbours, playingWidth, stillWidth } from "../../labeling/static/labeling/editor/frames/widths.js";
import { fullRange, roundedLevels } from "../../labeling/static/labeling/editor/frames/window.js";

class Picture {
  closed = false;
  width = 10;
  height = 10;
  close() {
    this.closed = true;
  }
}

const BYTES = 400;
const AROUND = { first: 0, last: 99, ahead: 8, behind: 2 };

test("as wide as the stage needs, and the frame's own when that is less", () => {
  assert.deepEqual([stillWidth(300, 1920), stillWidth(481, 1920), stillWidth(1900, 1920), stillWidth(2500, 1920), stillWidth(100, 160)], [320, 640, null, null, null]);
  assert.deepEqual([playingWidth(1900, 1920), playingWidth(400, 1920), playingWidth(1900, 600)], [640, 480, null]);
});

test("eight ahead and two behind, in the direction of travel", () => {
  assert.deepEqual(neighbours(50, { ...AROUND, direction: 1 }), [51, 52, 53, 54, 55, 56, 57, 58, 49, 48]);
  assert.deepEqual(neighbours(50, { ...AROUND, direction: -1 }), [49, 48, 47, 46, 45, 44, 43, 42, 51, 52]);
});

test("at an end of the task the other side gets what is left", () => {
  assert.deepEqual(neighbours(0, { ...AROUND, direction: -1 }), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(neighbours(98, { ...AROUND, direction: 1 }), [99, 97, 96, 95, 94, 93, 92, 91, 90, 89]);
  assert.deepEqual(neighbours(0, { ...AROUND, last: 0, direction: 1 }), []);
});

test("the pictures farthest away give way, and are closed", () => {
  const pictures = new Pictures(3 * BYTES);
  const all = [0, 1, 2, 3].map(() => new Picture());
  all.forEach((picture, frame) => pictures.put(frame, null, picture, frame));
  assert.deepEqual([...pictures.kept.keys()], [1, 2, 3]);
  assert.deepEqual(all.map((one) => one.closed), [true, false, false, false]);
  assert.equal(pictures.bytes, 3 * BYTES);
});

test("the picture on the stage is closed only when another one is there", () => {
  const pictures = new Pictures(BYTES);
  const [shown, next] = [new Picture(), new Picture()];
  pictures.put(0, null, shown, 0);
  pictures.hold(shown);
  pictures.put(9, null, next, 9);
  assert.equal(shown.closed, false);
  pictures.hold(next);
  assert.deepEqual([shown.closed, next.closed], [true, false]);
});

test("a wider picture serves for a narrow one, not the other way round", () => {
  const pictures = new Pictures(9 * BYTES);
  pictures.put(4, 640, new Picture(), 4);
  assert.ok(pictures.get(4, 480) && pictures.get(4, 640));
  assert.equal(pictures.get(4, 960), null);
  assert.equal(pictures.get(4, null), null);
  pictures.put(4, null, new Picture(), 4);
  assert.ok(pictures.get(4, null) && pictures.get(4, 640));
  assert.equal(pictures.bytes, BYTES);
});

test("playing counts from the first picture that was drawn, and stops at the end", () => {
  const clock = new Clock({ first: 10, last: 19, loop: false, start: 12 }, 25);
  assert.equal(clock.frameAt(clock.due(5000)), 12);
  clock.set(2, 5000);
  assert.deepEqual([5000, 5039, 5041, 5200, 9000].map((now) => clock.frameAt(clock.due(now))), [12, 12, 13, 17, 19]);
  assert.deepEqual([clock.ended(8), clock.ended(9)], [false, true]);
});

test("a range goes round and round", () => {
  const clock = new Clock({ first: 10, last: 12, loop: true, start: 11 }, 10);
  clock.set(1, 0);
  assert.deepEqual([0, 150, 250, 350, 450].map((now) => clock.frameAt(clock.due(now))), [11, 12, 10, 11, 12]);
  assert.equal(clock.ended(1000), false);
});

test("where pictures do not come the clock waits half a second behind", () => {
  const clock = new Clock({ first: 0, last: 999, loop: false, start: 0 }, 20);
  clock.set(0, 0);
  clock.wait(0, 400);
  assert.equal(clock.due(400), 8);
  clock.wait(0, 30_000);
  assert.equal(clock.due(30_000), 10);
});

test("a connection that is too slow fetches every n-th picture, and the last", () => {
  const clock = new Clock({ first: 0, last: 20, loop: false, start: 0 }, 25);
  assert.deepEqual(clock.ahead(5, 4, 1), [5, 6, 7, 8]);
  assert.deepEqual(clock.ahead(5, 4, 3), [6, 9, 12, 15]);
  assert.deepEqual(clock.ahead(14, 6, 3), [15, 18, 20]);
});

test("a short loop is not fetched twice", () => {
  const clock = new Clock({ first: 0, last: 2, loop: true, start: 0 }, 25);
  assert.deepEqual(clock.ahead(7, 32, 1).map((index) => clock.frameAt(index)), [1, 2, 0]);
});

test("times are for orientation", () => {
  assert.deepEqual([timeText(0, 25), timeText(62, 25), timeText(1799, 29.97)], ["0:00.00", "0:02.48", "1:00.03"]);
});

test("grey levels are whole numbers of a wide range, and stay where there are values", () => {
  const facts = { center: 40, width: 400, low: -1000, high: 3000 };
  assert.deepEqual(fullRange(facts), { center: 1000, width: 4000 });
  assert.deepEqual(roundedLevels({ center: 100, width: -5 }, facts), { center: 96, width: 16 });
  assert.deepEqual(roundedLevels({ center: 0.3, width: 0.51 }, { ...facts, low: 0, high: 1 }), { center: 0.30078125, width: 0.51171875 });
});
