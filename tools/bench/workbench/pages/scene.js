// @ts-check
// The scene that all painters are measured with: a 1080p picture, polygons of a hundred corners, bitmasks as wide as
// the frame. The same numbers give the same scene.

export const WIDTH = 1920;
export const HEIGHT = 1080;
const CORNERS = 100;

/** @param {number} seed */
function dice(seed) {
  let state = seed >>> 0;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
}

/** @param {number} count @returns {[number, number][][]} rings */
export function polygons(count) {
  const next = dice(7);
  return Array.from({ length: count }, () => {
    const [x, y, radius, lobes] = [next() * WIDTH, next() * HEIGHT, 15 + next() * 45, 3 + Math.floor(next() * 5)];
    return Array.from({ length: CORNERS }, (_, index) => {
      const angle = (index / CORNERS) * 2 * Math.PI;
      const reach = radius * (0.8 + 0.2 * Math.sin(lobes * angle));
      return [clip(x + reach * Math.cos(angle), WIDTH), clip(y + reach * Math.sin(angle), HEIGHT)];
    });
  });
}

/** @param {number} value @param {number} most */
function clip(value, most) {
  return Math.round(Math.min(Math.max(value, 0), most) * 100) / 100;
}

/** Which pixels a mask holds. @param {number} number @returns {(x: number, y: number) => boolean} */
function waves(number) {
  const [base, swing] = [number / 10, 60 + 8 * number];
  return (x, y) => {
    const middle = HEIGHT * (0.05 + 0.9 * base) + swing * Math.sin(x / (90 + 9 * number));
    return Math.abs(y - middle) < 45 + 20 * Math.sin(x / 37 + number);
  };
}

/** Masks of the whole frame, row by row, one byte a pixel. @param {number} count @returns {Uint8Array[]} */
export function masks(count) {
  return Array.from({ length: count }, (_, number) => {
    const inside = waves(number);
    const pixels = new Uint8Array(WIDTH * HEIGHT);
    for (let y = 0; y < HEIGHT; y += 1) for (let x = 0; x < WIDTH; x += 1) pixels[y * WIDTH + x] = Number(inside(x, y));
    return pixels;
  });
}

/** COCO compressed runs of a mask of the whole frame. @param {Uint8Array} pixels */
export function encoded(pixels) {
  /** @type {number[]} */
  const lengths = [0];
  let value = 0;
  for (let x = 0; x < WIDTH; x += 1) {
    for (let y = 0; y < HEIGHT; y += 1) {
      if (pixels[y * WIDTH + x] !== value) {
        lengths.push(0);
        value ^= 1;
      }
      lengths[lengths.length - 1] = (lengths[lengths.length - 1] ?? 0) + 1;
    }
  }
  return lengths.map((length, at) => letters(at > 2 ? length - (lengths[at - 2] ?? 0) : length)).join("");
}

/** @param {number} number */
function letters(number) {
  let [left, text, more] = [number, "", true];
  while (more) {
    const bits = left & 0x1f;
    left >>= 5;
    more = bits & 0x10 ? left !== -1 : left !== 0;
    text += String.fromCharCode((more ? bits | 0x20 : bits) + 48);
  }
  return text;
}

/** A picture with something to see everywhere. @returns {HTMLCanvasElement} */
export function picture() {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const next = dice(3);
  const sky = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
  sky.addColorStop(0, "#8fb7d8");
  sky.addColorStop(1, "#3c4a3a");
  context.fillStyle = sky;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let number = 0; number < 400; number += 1) {
    context.fillStyle = `hsl(${next() * 360} 40% ${20 + next() * 60}%)`;
    context.fillRect(next() * WIDTH, next() * HEIGHT, 10 + next() * 160, 10 + next() * 120);
  }
  return canvas;
}

export const COLORS = ["#ff6b6b", "#4ecdc4", "#ffe66d", "#5da9ff", "#c792ea", "#7fe08a", "#ff9f5a", "#f78fb3"];
