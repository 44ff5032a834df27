// @ts-check
// Which colour a label has. Every choice can also be read without colour: by name, dash, tick or cross.

/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {"instance" | "class" | "review" | "confidence"} ColorBy */

/** The golden angle spreads neighbours in number far apart in hue, however many there are. */
const TURN = 137.508;
/** Lightness and chroma in turn: three neighbours of like hue still differ. */
const TONES = /** @type {const} */ ([[0.78, 0.15], [0.68, 0.17], [0.87, 0.13]]);
export const REVIEW_COLORS = { accepted: "#35c46f", rejected: "#ff5a4f", unreviewed: "#9db4c8" };
/** From no confidence to full: distinct for eyes that tell red from green badly. */
const CONFIDENCE = /** @type {const} */ ([[255, 77, 128], [255, 190, 70], [64, 200, 255]]);

const LINE_LUMINANCE = 0.22;

/** @type {Map<number, string>} */
const palette = new Map();
/** @type {Map<string, string>} */
const lines = new Map();

/**
 * The colour of a label, `#rrggbb`.
 * @param {Bench} bench
 * @param {Instance} instance
 * @param {Label | null} label null for an object without one here
 * @param {ColorBy} by
 */
export function labelColor(bench, instance, label, by) {
  if (by === "instance") return instanceColor(instance);
  if (by === "review") return REVIEW_COLORS[label?.review ?? "unreviewed"];
  if (by === "confidence" && label) return confidenceColor(label.confidence);
  return bench.classOf(instance).color;
}

/** @param {Instance} instance one that has no number yet goes by its key */
export function instanceColor({ number, key }) {
  const at = number || 1 + ([...key].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) >>> 0, 7) % 997);
  let color = palette.get(at);
  if (!color) palette.set(at, (color = paletteColor(at)));
  return color;
}

/** @param {number} number from 1 */
export function paletteColor(number) {
  const [lightness, chroma] = TONES[number % TONES.length] ?? TONES[0];
  return oklch(lightness, chroma, (20 + number * TURN) % 360);
}

/** @param {number} confidence 0 to 1 */
export function confidenceColor(confidence) {
  const at = Math.min(Math.max(confidence, 0), 1) * (CONFIDENCE.length - 1);
  const index = Math.min(Math.floor(at), CONFIDENCE.length - 2);
  const [from, to] = [CONFIDENCE[index] ?? CONFIDENCE[0], CONFIDENCE[index + 1] ?? CONFIDENCE[0]];
  return hex(from.map((value, channel) => value + ((to[channel] ?? value) - value) * (at - index)));
}

/** Black or white, whichever reads better on `color`. @param {string} color */
export function legible(color) {
  return luminance(rgb(color)) > 0.18 ? "#000000" : "#ffffff";
}

/**
 * The colour of a line: the same hue, light enough to stand out from its dark rim and from dark pictures.
 * @param {string} color
 */
export function lineColor(color) {
  let line = lines.get(color);
  if (!line) {
    let channels = rgb(color);
    while (luminance(channels) < LINE_LUMINANCE) channels = channels.map((value) => value + (255 - value) * 0.12);
    lines.set(color, (line = hex(channels)));
  }
  return line;
}

/** Relative luminance, WCAG 2. @param {number[]} channels 0 to 255 */
function luminance(channels) {
  const [red = 0, green = 0, blue = 0] = channels.map((value) => (value / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} color `#rrggbb` @returns {number[]} 0 to 255 */
export function rgb(color) {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) || 0);
}

/** @param {number[]} channels 0 to 255 */
function hex(channels) {
  return `#${channels.map((value) => Math.round(Math.min(Math.max(value, 0), 255)).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Oklab's polar form to sRGB: equal steps look equal. The numbers are Oklab's definition.
 * @param {number} lightness 0 to 1
 * @param {number} chroma
 * @param {number} hue in degrees
 */
function oklch(lightness, chroma, hue) {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return hex(linear.map((value) => 255 * gamma(Math.min(Math.max(value, 0), 1))));
}

/** @param {number} value linear light, 0 to 1 */
function gamma(value) {
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}
