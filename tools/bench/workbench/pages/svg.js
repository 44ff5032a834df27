// @ts-check
// The same scene as one SVG, moved by the transform of a group, as editors on SVG do.

import { COLORS, HEIGHT, WIDTH, masks, picture, polygons } from "./scene.js";
import { tinted } from "./konva.js";

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string | number>} attributes */
function element(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** @param {HTMLElement} stage @param {number} polygonCount @param {number} maskCount */
export async function show(stage, polygonCount, maskCount) {
  const root = element("svg", { width: stage.clientWidth, height: stage.clientHeight });
  const group = element("g", {});
  root.append(group);
  const pictured = (/** @type {HTMLCanvasElement} */ canvas, /** @type {number} */ opacity) =>
    element("image", { href: canvas.toDataURL(), width: WIDTH, height: HEIGHT, opacity });
  group.append(pictured(picture(), 1));
  masks(maskCount).forEach((pixels, number) => group.append(pictured(tinted(pixels, COLORS[number % COLORS.length] ?? ""), 0.35)));
  const shapes = polygons(polygonCount).map((ring, number) => polygon(ring, number));
  group.append(...shapes);
  const scale = Math.min((stage.clientWidth - 32) / WIDTH, (stage.clientHeight - 32) / HEIGHT);
  const view = { scale, left: (stage.clientWidth - WIDTH * scale) / 2, top: (stage.clientHeight - HEIGHT * scale) / 2 };
  const place = () => group.setAttribute("transform", `translate(${view.left} ${view.top}) scale(${view.scale})`);
  place();
  stage.append(root);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  /** @type {Element | undefined} */
  let taken;
  return {
    pan(/** @type {number} */ dx, /** @type {number} */ dy) {
      view.left += dx;
      view.top += dy;
      place();
    },
    zoom(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ factor) {
      view.left = x - (x - view.left) * factor;
      view.top = y - (y - view.top) * factor;
      view.scale *= factor;
      place();
    },
    take: (/** @type {number} */ number) => (taken = shapes[number]),
    drag: (/** @type {number} */ x, /** @type {number} */ y) => taken?.setAttribute("transform", `translate(${x} ${y})`),
    rest: place,
  };
}

/** @param {[number, number][]} ring @param {number} number */
function polygon(ring, number) {
  const color = COLORS[number % COLORS.length] ?? "";
  const d = `M${ring.map((point) => point.join(" ")).join("L")}Z`;
  const still = { d, "vector-effect": "non-scaling-stroke" };
  const group = element("g", {});
  group.append(element("path", { ...still, fill: color, "fill-opacity": 0.28, stroke: "black", "stroke-opacity": 0.6, "stroke-width": 3.25 }));
  group.append(element("path", { ...still, fill: "none", stroke: color, "stroke-width": 1.5, ...(number % 2 ? {} : { "stroke-dasharray": "7 4" }) }));
  return group;
}
