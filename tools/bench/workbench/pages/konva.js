// @ts-check
// The same scene with Konva as its documentation advises for many shapes: no listening, no perfect drawing, masks
// drawn once into pictures, what is dragged on a layer of its own.

import { COLORS, HEIGHT, WIDTH, masks, picture, polygons } from "./scene.js";

/** @param {HTMLElement} stage @param {number} polygonCount @param {number} maskCount */
export async function show(stage, polygonCount, maskCount) {
  const { Konva } = /** @type {any} */ (window);
  const root = new Konva.Stage({ container: stage, width: stage.clientWidth, height: stage.clientHeight });
  const [back, front, hand] = [new Konva.Layer({ listening: false }), new Konva.Layer({ listening: false }), new Konva.Layer({ listening: false })];
  root.add(back, front, hand);
  back.add(new Konva.Image({ image: picture(), width: WIDTH, height: HEIGHT }));
  masks(maskCount).forEach((pixels, number) => back.add(new Konva.Image({ image: tinted(pixels, COLORS[number % COLORS.length] ?? ""), opacity: 0.35 })));
  const groups = polygons(polygonCount).map((ring, number) => polygon(Konva, ring.flat(1), number));
  front.add(...groups);
  const scale = Math.min((stage.clientWidth - 32) / WIDTH, (stage.clientHeight - 32) / HEIGHT);
  root.scale({ x: scale, y: scale });
  root.position({ x: (stage.clientWidth - WIDTH * scale) / 2, y: (stage.clientHeight - HEIGHT * scale) / 2 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  /** @type {any} */
  let taken = null;
  return {
    pan: (/** @type {number} */ dx, /** @type {number} */ dy) => root.position({ x: root.x() + dx, y: root.y() + dy }),
    zoom(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ factor) {
      const next = root.scaleX() * factor;
      root.position({ x: x - (x - root.x()) * factor, y: y - (y - root.y()) * factor });
      root.scale({ x: next, y: next });
    },
    take(/** @type {number} */ number) {
      taken = groups[number];
      taken.moveTo(hand);
    },
    drag: (/** @type {number} */ x, /** @type {number} */ y) => taken.position({ x, y }),
    rest: () => root.batchDraw(),
  };
}

/** @param {any} Konva @param {number[]} points @param {number} number */
function polygon(Konva, points, number) {
  const color = COLORS[number % COLORS.length];
  const plain = { points, closed: true, perfectDrawEnabled: false, strokeScaleEnabled: false, listening: false };
  const group = new Konva.Group({ listening: false });
  group.add(new Konva.Line({ ...plain, fill: `${color}48`, stroke: "rgba(0,0,0,0.6)", strokeWidth: 3.25 }));
  group.add(new Konva.Line({ ...plain, stroke: color, strokeWidth: 1.5, dash: number % 2 ? [] : [7, 4] }));
  return group;
}

/** @param {Uint8Array} pixels @param {string} color */
export function tinted(pixels, color) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(WIDTH, HEIGHT);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  pixels.forEach((inside, at) => inside && image.data.set([red, green, blue, 255], at * 4));
  context.putImageData(image, 0, 0);
  return canvas;
}
