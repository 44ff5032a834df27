// @ts-check
// The workbench's own canvas, moved as its pointer and tools move it.

import { COLORS, HEIGHT, WIDTH, encoded, masks, picture, polygons } from "./scene.js";

const APP = "/app/editor";

/** @param {HTMLElement} stage @param {number} polygonCount @param {number} maskCount */
export async function show(stage, polygonCount, maskCount) {
  const { Bench } = await import(`${APP}/bench.js`);
  const { Canvas } = await import(`${APP}/canvas/canvas.js`);
  const { Viewport } = await import(`${APP}/canvas/viewport.js`);
  const bench = new Bench(facts());
  bench.preferences = { get: () => undefined };
  bench.store = storeOf(polygonCount, maskCount);
  bench.viewport = new Viewport();
  bench.canvas = new Canvas(bench, stage);
  bench.canvas.show(await createImageBitmap(picture()), 0);
  Object.assign(window, { bench });
  while (bench.canvas.wanted) await new Promise((resolve) => requestAnimationFrame(resolve));
  /** @type {any} */
  let taken = null;
  return {
    pan: (/** @type {number} */ dx, /** @type {number} */ dy) => bench.viewport.panBy(dx, dy),
    zoom: (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ factor) => bench.viewport.zoomAt(x, y, factor),
    take(/** @type {number} */ number) {
      taken = bench.store.labels[number];
      bench.select([taken.instance]);
    },
    drag(/** @type {number} */ dx, /** @type {number} */ dy) {
      const moved = taken.shape.polygons.map((/** @type {number[][][]} */ one) => one.map((ring) => ring.map(([x = 0, y = 0]) => [x + dx, y + dy])));
      bench.setDraft({ instance: taken.instance, objectClass: 1, frame: 0, shape: { polygons: moved } });
    },
    rest: () => bench.setDraft(null),
  };
}

function facts() {
  const common = { archived: false, skeleton: null, attributes: [] };
  const classes = [
    { id: 1, name: "Polygon", color: COLORS[0], shape: "polygon", ...common },
    { id: 2, name: "Mask", color: COLORS[1], shape: "bitmask", ...common },
  ];
  return { width: WIDTH, height: HEIGHT, sizes: null, first: 0, last: 0, classes, preferences: {} };
}

/** @param {number} polygonCount @param {number} maskCount */
function storeOf(polygonCount, maskCount) {
  const shapes = [
    ...masks(maskCount).map((pixels) => ({ left: 0, top: 0, width: WIDTH, height: HEIGHT, counts: encoded(pixels) })),
    ...polygons(polygonCount).map((ring) => ({ polygons: [[ring]] })),
  ];
  const labels = shapes.map((shape, number) => ({
    instance: String(number).padStart(8, "0"),
    frame: 0,
    shape,
    provenance: number % 2 ? "manual" : "tracked",
    confidence: 1,
    z_order: 0,
    occluded: false,
    review: "unreviewed",
  }));
  const instances = new Map(
    labels.map((one, number) => [one.instance, { key: one.instance, number: number + 1, name: `Object ${number + 1}`, object_class: number < maskCount ? 2 : 1 }]),
  );
  const label = (/** @type {string} */ key) => labels[Number(key)];
  return { instances, labels: labels.slice(maskCount), labelsOn: () => labels, label, loaded: () => true };
}
