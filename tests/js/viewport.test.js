// Where the frame lies in the stage: zooming, panning, fitting, and what the two sizes do to it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SCALE_MAX, SCALE_MIN, Viewport } from "../../labeling/static/labeling/editor/canvas/viewport.js";
import { seeded } from "./random.js";

function viewport(width = 1000, height = 600, frameWidth = 1920, frameHeight = 1080) {
  const made = new Viewport();
  made.setFrame(frameWidth, frameHeight);
  made.resize(width, height);
  return made;
}

function near(actual, expected, within = 1e-6) {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);
}

test("the frame is fitted in, in the middle, with a margin", () => {
  const view = viewport();
  near(view.scale, 968 / 1920);
  const [left, top] = view.toScreen(0, 0);
  const [right, bottom] = view.toScreen(1920, 1080);
  near(left, 1000 - right, 1);
  near(top, 600 - bottom, 1);
  near(left, 16, 1);
});

test("a fitted frame stays fitted when the stage changes, a zoomed one keeps its middle", () => {
  const view = viewport();
  view.resize(500, 400);
  near(view.scale, 468 / 1920);
  view.fitRect({ left: 800, top: 400, width: 100, height: 100 });
  const middle = view.toFrame(250, 200);
  view.resize(900, 700);
  const after = view.toFrame(450, 350);
  near(after[0], middle[0], 1);
  near(after[1], middle[1], 1);
});

test("the point under the pointer stays where it is, however it is zoomed", () => {
  const view = viewport();
  const next = seeded(5);
  for (let round = 0; round < 300; round += 1) {
    const [sx, sy] = [200 + next() * 600, 150 + next() * 300];
    const before = view.toFrame(sx, sy);
    const inside = before[0] > 100 && before[0] < 1820 && before[1] > 100 && before[1] < 980;
    view.zoomAt(sx, sy, 0.5 + next() * 1.5);
    if (!inside) view.fit();
    else {
      const [x, y] = view.toScreen(...before);
      near(x, sx, 1e-6);
      near(y, sy, 1e-6);
    }
  }
  view.settle();
});

test("zooming ends at its limits", () => {
  const view = viewport();
  for (let round = 0; round < 40; round += 1) view.zoomAt(500, 300, 2);
  assert.equal(view.scale, SCALE_MAX);
  for (let round = 0; round < 40; round += 1) view.zoomAt(500, 300, 0.5);
  assert.equal(view.scale, SCALE_MIN);
  view.settle();
});

test("a frame cannot be panned out of reach", () => {
  const view = viewport();
  view.panBy(1e6, -1e6);
  const [left] = view.toScreen(0, 0);
  const [, bottom] = view.toScreen(0, 1080);
  assert.ok(left < 1000 && bottom > 0);
  view.settle();
});

test("each step tells of a change, and the end of a gesture of that", async () => {
  const view = viewport();
  const heard = [];
  for (const name of ["change", "settle"]) view.addEventListener(name, () => heard.push(name));
  const settled = new Promise((resolve) => view.addEventListener("settle", resolve, { once: true }));
  view.panBy(5, 0);
  view.panBy(5, 0);
  assert.ok(view.moving);
  await settled;
  assert.deepEqual(heard, ["change", "change", "settle"]);
  assert.ok(!view.moving);
});

test("a picture of another size is fitted anew, one of the same size keeps its place", () => {
  const view = viewport();
  view.fitRect({ left: 0, top: 0, width: 50, height: 50 });
  const { scale } = view;
  view.setFrame(1920, 1080);
  assert.equal(view.scale, scale);
  view.setFrame(400, 400);
  near(view.scale, 568 / 400);
});

test("at rest the frame lies on whole pixels of the screen", () => {
  const view = viewport();
  view.zoomAt(333.3, 222.2, 1.37);
  view.settle();
  assert.equal(view.left, Math.round(view.left));
  assert.equal(view.top, Math.round(view.top));
});
