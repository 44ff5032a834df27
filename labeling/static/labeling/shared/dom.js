// @ts-check
// Finding and making elements, typed, and never through markup.

/**
 * Return the element with this id; its absence, or another kind of element, is a fault of the page.
 * @template {Element} [E=HTMLElement]
 * @param {string} id
 * @param {new () => E} [kind]
 * @returns {E}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!found || (kind && !(found instanceof kind))) throw new Error(`The page has no such element: #${id}.`);
  return /** @type {E} */ (/** @type {unknown} */ (found));
}

/**
 * Make an element with attributes and children; text is put in as text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean>} [attributes] `true` sets an empty attribute, `false` leaves it out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * A dot in the colour of a class. Inline styles are forbidden by the policy; attributes of SVG are not styles.
 * @param {string} color
 */
export function swatch(color) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x: "1", y: "1", width: "10", height: "10", rx: "3", fill: color, stroke: "#808080", "stroke-opacity": "0.6" })) {
    rect.setAttribute(name, value);
  }
  svg.append(rect);
  return svg;
}

/**
 * Say `text` in a polite live region; saying the same again is announced again.
 * @param {HTMLElement} region
 * @param {string} text
 */
export function announce(region, text) {
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
