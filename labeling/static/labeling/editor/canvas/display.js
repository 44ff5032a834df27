// @ts-check
// How this person wants labels and picture to look.

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./colors.js").ColorBy} ColorBy */

/**
 * @typedef {object} Display
 * @property {ColorBy} colorBy
 * @property {number} opacity of fills, 0 to 1
 * @property {number} brightness 1 is as it is
 * @property {number} contrast 1 is as it is
 * @property {boolean} names
 */

/**
 * Read the preferences; the server gives defaults for those that were never set.
 * @param {Bench} bench
 * @returns {Display}
 */
export function displayOf(bench) {
  const get = (/** @type {string} */ name) => bench.preferences?.get(name) ?? bench.facts.preferences[name];
  const by = get("color_by");
  return {
    colorBy: by === "class" || by === "review" || by === "confidence" ? by : "instance",
    opacity: number(get("opacity"), 0.35, 0, 1),
    brightness: number(get("brightness"), 1, 0, 5),
    contrast: number(get("contrast"), 1, 0, 5),
    names: get("show_names") !== false,
  };
}

/** @param {unknown} value @param {number} otherwise @param {number} least @param {number} most */
function number(value, otherwise, least, most) {
  return typeof value === "number" && Number.isFinite(value) ? Math.min(Math.max(value, least), most) : otherwise;
}
