// @ts-check
// The name and marks of a label, at its top left.

import { legible } from "../colors.js";
import { itemBounds } from "../scene.js";
import { FAINT } from "./strokes.js";

/** @typedef {import("../scene.js").Item} Item */
/** @typedef {import("./strokes.js").Pen} Pen */
/** @typedef {import("./strokes.js").Context} Context */
/** @typedef {import("../../types.js").Rect} Rect */

const FONT = "600 12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
const HEIGHT = 18;
const INSET = 5;
/** Shapes shown smaller than this, in CSS pixels, have no tag unless they are selected; more where there are many. */
const SMALL = 18;
const SMALL_AMONG_MANY = 110;
const GAP = 4;

/** @type {Map<string, number>} */
const widths = new Map();
/** @type {CanvasRenderingContext2D | null} */
let ruler = null;

/**
 * Where the tag lies in pixels of the frame, null where there is none.
 * @param {Item} item
 * @param {Pick<Pen, "pixel" | "thin">} pen
 * @returns {Rect | null}
 */
export function tagRect(item, { pixel, thin }) {
  if (!item.tag) return null;
  const { left, top, width, height } = itemBounds(item);
  const dotted = item.kind === "point";
  if (!dotted && !item.selected && Math.max(width, height) < (thin ? SMALL_AMONG_MANY : SMALL) * pixel) return null;
  const gap = (dotted || item.kind === "skeleton" ? GAP + 4 : 1) * pixel;
  const above = top - HEIGHT * pixel - gap;
  // At the upper edge of the frame it is written inside.
  return {
    left: Math.max(0, left - pixel),
    top: above < 0 ? Math.max(0, top) + gap : above,
    width: (tagWidth(item.tag) + 2 * INSET) * pixel,
    height: HEIGHT * pixel,
  };
}

/** @param {string} text @returns {number} CSS pixels */
function tagWidth(text) {
  const found = widths.get(text);
  if (found !== undefined) return found;
  if (!ruler) ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  ruler.font = FONT;
  const width = ruler.measureText(text).width;
  if (widths.size > 5000) widths.clear();
  widths.set(text, width);
  return width;
}

/**
 * @param {Context} context
 * @param {Item} item
 * @param {Pen} pen
 */
export function paintTag(context, item, pen) {
  const { pixel } = pen;
  const rect = tagRect(item, pen);
  if (!rect) return;
  context.globalAlpha = item.faint ? FAINT + 0.3 : 1;
  context.save();
  context.translate(rect.left, rect.top);
  context.scale(pixel, pixel);
  context.fillStyle = item.color;
  context.beginPath();
  context.roundRect(0, 0, rect.width / pixel, HEIGHT, 3);
  context.fill();
  context.font = FONT;
  context.textBaseline = "middle";
  context.fillStyle = legible(item.color);
  context.fillText(item.tag, INSET, HEIGHT / 2 + 0.5);
  context.restore();
}
