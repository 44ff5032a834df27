// @ts-check
// Our own icons, drawn on 16 by 16 and stroked by CSS (`.icon-svg`).

const SVG = "http://www.w3.org/2000/svg";

/** Outlines by name. A tiny stroke such as `v.1` is a dot. */
const PATHS = {
  // Tools and shapes
  select: "M3 2.5l4 11 1.8-4.7L13.5 7z",
  box: "M3 3.5h10v9H3z",
  rotated: "M8 2.5L14 8l-6 5.5L2 8z",
  polygon: "M8 2.2l5.6 4.2-2.1 6.9h-7L2.4 6.4z",
  polyline: "M2.5 12l3.2-7 4.2 5.5L13.5 4",
  point: "M8 6.2a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6M8 2v2M8 12v2M2 8h2M12 8h2",
  skeleton: "M8 2.4a1.3 1.3 0 100 2.6 1.3 1.3 0 000-2.6M8 5v4.5M3.5 7h9M8 9.5l-3 4M8 9.5l3 4",
  mask: "M3 6.5C3 3.5 6 2.5 8.3 3c2.6.5 5 2 4.7 5.2-.3 3-2.8 5-5.6 4.8C4.6 12.8 3 10.5 3 6.5zM6 6.5v.1M8.5 6v.1M10.5 8v.1M7 9v.1M9 10.5v.1",
  brush: "M13.5 2.5L7 9M5.8 8.5a2 2 0 012.3 2.3C7.8 12.8 5.5 13.7 2.5 13.5c1.2-.8.9-2.5 1.3-3.6a2 2 0 012-1.4",
  eraser: "M9 2.8l4.2 4.2-6 6H4.7L2.5 10.8a1 1 0 010-1.4zM6 6l4.2 4.2M8 13h5.5",
  hand: "M4.5 9V4.5a1 1 0 012 0V8M6.5 7.5v-4a1 1 0 012 0V8M8.5 7.5V4.2a1 1 0 012 0V8.5M10.5 8V6a1 1 0 012 0v4c0 2.5-1.5 4-4 4s-3.3-1-4.5-3.2L2.7 8.6a1 1 0 011.7-1z",
  wand: "M2.5 13.5L10 6M11.5 1.5v3M10 3h3M14 6.5v2M13 7.5h2M6 2v2M5 3h2",
  sparkles: "M6.5 3l1.2 3.3L11 7.5 7.7 8.7 6.5 12 5.3 8.7 2 7.5l3.3-1.2zM12.5 9.5v4M10.5 11.5h4M12.5 2v2.5M11.3 3.2h2.5",
  // What is seen
  eye: "M1.5 8C3 5.2 5.3 3.7 8 3.7S13 5.2 14.5 8C13 10.8 10.7 12.3 8 12.3S3 10.8 1.5 8zM8 6a2 2 0 100 4 2 2 0 000-4",
  "eye-off": "M2.5 2.5l11 11M6.3 4c.5-.2 1.1-.3 1.7-.3 2.7 0 5 1.5 6.5 4.3-.5.9-1.1 1.7-1.8 2.4M4 5.3C3 6 2.2 6.9 1.5 8c1.5 2.8 3.8 4.3 6.5 4.3 1 0 1.9-.2 2.7-.6",
  lock: "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 015 0v2.5",
  unlock: "M3.5 7.5h9v6h-9zM5.5 7.5V4.5a2.5 2.5 0 014.8-1",
  layers: "M8 2.5L14 6 8 9.5 2 6zM2.5 9L8 12.5 13.5 9",
  front: "M6 2.5h7.5V10H6zM6 5H2.5v8.5H11V10",
  back: "M10 13.5H2.5V6H10zM10 11h3.5V2.5H5V6",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  zoom: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9M10.3 10.3l3.2 3.2M7 5v4M5 7h4",
  contrast: "M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11M8 2.5v11M8 5h4.5M8 8h5.5M8 11h4.5",
  sun: "M8 5.3a2.7 2.7 0 100 5.4 2.7 2.7 0 000-5.4M8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1",
  // What is done
  undo: "M3 3v4h4M3.3 7A5.2 5.2 0 1113 9.5",
  redo: "M13 3v4H9M12.7 7A5.2 5.2 0 103 9.5",
  save: "M2.5 2.5h8.5l2.5 2.5v8.5h-11zM5 2.5v3.5h5V2.5M5 13.5V9.5h6v4",
  trash: "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.7 7v4M9.3 7v4",
  copy: "M5.5 5.5h8v8h-8zM5.5 10.5h-3v-8h8v3",
  paste: "M5.5 3.5h-2v10h9v-10h-2M5.5 2.5h5v2.5h-5zM6 8.5h4M6 11h4",
  merge: "M3 3v2.5C3 8 8 7.5 8 10.5v3M13 3v2.5C13 8 8 7.5 8 10.5M5.8 11.3L8 13.5l2.2-2.2",
  split: "M8 2.5V6c0 3-5 2.5-5 5v2.5M8 6c0 3 5 2.5 5 5v2.5",
  convert: "M2.5 6h9.5L9.5 3.5M13.5 10H4l2.5 2.5",
  edit: "M3 13l.7-3L11 2.7l2.3 2.3L6 12.3zM9.5 4.2l2.3 2.3",
  comment: "M2.5 3h11v8H8l-3 2.5V11H2.5z",
  pin: "M8 14.5C5 11 3.5 9 3.5 6.5a4.5 4.5 0 019 0C12.5 9 11 11 8 14.5zM8 5a1.5 1.5 0 100 3 1.5 1.5 0 000-3",
  "track-forwards": "M2.5 4.5h4v7h-4zM9 8h5M11.5 5.5L14 8l-2.5 2.5",
  "track-backwards": "M13.5 4.5h-4v7h4zM7 8H2M4.5 5.5L2 8l2.5 2.5",
  interpolate: "M3.5 6.2a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6M12.5 6.2a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6M6.5 8h.1M8 8h.1M9.5 8h.1",
  search: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9M10.3 10.3l3.2 3.2",
  filter: "M2.5 3h11L9.5 8v5.5l-3-1.5V8z",
  settings: "M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6M9.7 2.7a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6M6.3 9.7a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6",
  keyboard: "M1.5 4h13v8h-13zM4 6.5h.1M6.5 6.5h.1M9 6.5h.1M11.5 6.5h.1M4.5 9.5h7",
  help: "M5.8 6a2.2 2.2 0 114 1.3C9.2 8 8 8.3 8 9.6M8 12.2v.1",
  dots: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  // Frames
  play: "M4.5 2.8l8.5 5.2-8.5 5.2z",
  pause: "M5 3v10M11 3v10",
  previous: "M10 3L5 8l5 5",
  next: "M6 3l5 5-5 5",
  first: "M4 3v10M12 3L7 8l5 5",
  last: "M12 3v10M4 3l5 5-5 5",
  "step-back": "M8 3L3 8l5 5M13 3L8 8l5 5",
  "step-forward": "M3 3l5 5-5 5M8 3l5 5-5 5",
  "key-previous": "M10.5 4.5L14 8l-3.5 3.5L7 8zM6 4L2 8l4 4",
  "key-next": "M5.5 4.5L9 8l-3.5 3.5L2 8zM10 4l4 4-4 4",
  gap: "M2 8h3.5M10.5 8H14M5.5 5v6M10.5 5v6",
  low: "M2 4l4 1.5L9 12l2-6 3-1.5",
  // What is so
  key: "M8 2.5L13.5 8 8 13.5 2.5 8z",
  drawn: "M3 13l.7-3L11 2.7l2.3 2.3L6 12.3z",
  tracked: "M2.5 12c2-6 5-8 11-8M10.5 2l3 2-2 3M2.5 12h.1",
  absent: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  check: "M3 8.5l3.2 3.2L13 5",
  cross: "M4 4l8 8M12 4l-8 8",
  warning: "M8 2L1.5 13.5h13zM8 6.5v3.5M8 11.8v.1",
  info: "M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11M8 7.5V11M8 5v.1",
  flag: "M3.5 14V2.5h8L9.5 5.5l2 3h-8",
  history: "M2.5 8a5.5 5.5 0 101.7-4M2.5 2.5v3h3M8 5v3.3l2.2 1.4",
  offline: "M2.5 2.5l11 11M5 12.5h6.5M4 6.5A3 3 0 005 12.5M6.3 4.2a3.5 3.5 0 015 3.3 2.6 2.6 0 012.2 3.5",
  user: "M8 2.5a2.7 2.7 0 100 5.4 2.7 2.7 0 000-5.4M2.8 13.5c0-2.5 2.2-4 5.2-4s5.2 1.5 5.2 4",
  "sort-up": "M4 10l4-4 4 4",
  "sort-down": "M4 6l4 4 4-4",
  "chevron-right": "M6 4l4 4-4 4",
  "chevron-down": "M4 6l4 4 4-4",
};

/** @typedef {keyof typeof PATHS} IconName */

/** Icons of the seven shapes, by the class's shape. @type {Record<import("../editor/types.js").ShapeKind, IconName>} */
export const SHAPE_ICONS = {
  bounding_box: "box",
  rotatable_bounding_box: "rotated",
  polygon: "polygon",
  bitmask: "mask",
  polyline: "polyline",
  point: "point",
  skeleton: "skeleton",
};

/**
 * An icon that says nothing by itself: the control that holds it carries the name.
 * @param {IconName} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon-svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
