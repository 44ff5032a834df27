// @ts-check
// Colours of the page for the canvas, and the patterns that tell spans apart without colour.

const NAMES = /** @type {const} */ (["surface", "sunken", "line", "line-strong", "text", "muted", "accent", "accent-soft", "good", "warn", "warn-soft", "bad", "info"]);

/** @typedef {Record<typeof NAMES[number], string>} Colors */

export class Theme {
  /** @param {() => void} changed */
  constructor(changed) {
    this.colors = read();
    /** @type {Map<string, CanvasPattern | string>} */
    this.patterns = new Map();
    const again = () => {
      this.colors = read();
      changed();
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    // The person chose another theme than the system's.
    new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  }

  /**
   * A pattern of a colour: slanted lines, or dots.
   * @param {CanvasRenderingContext2D} context
   * @param {"hatch" | "dots"} kind
   * @param {string} color
   */
  pattern(context, kind, color) {
    const name = `${kind} ${color}`;
    let pattern = this.patterns.get(name);
    if (!pattern) this.patterns.set(name, (pattern = context.createPattern(tile(kind, color), "repeat") ?? color));
    return pattern;
  }
}

/** @returns {Colors} */
function read() {
  const style = getComputedStyle(document.documentElement);
  return /** @type {Colors} */ (Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])));
}

/** @param {"hatch" | "dots"} kind @param {string} color */
function tile(kind, color) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = kind === "hatch" ? 6 : 5;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.fillStyle = context.strokeStyle = color;
  context.globalAlpha = 0.28;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalAlpha = 1;
  context.beginPath();
  if (kind === "dots") {
    context.arc(2, 2, 1.2, 0, 2 * Math.PI);
    context.fill();
    return canvas;
  }
  context.lineWidth = 1.8;
  // A line from corner to corner, and its ends in the neighbours' corners.
  for (const by of [-6, 0, 6]) {
    context.moveTo(by - 1, 7);
    context.lineTo(by + 7, -1);
  }
  context.stroke();
  return canvas;
}
