// @ts-check
// Answers over frames as lines of the timeline: of an object below its row, of frames above all rows.

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Answer} Answer */
/** @typedef {import("../types.js").Attribute} Attribute */
/** @typedef {import("../types.js").Instance} Instance */
/** @typedef {import("./lanes.js").Brush} Brush */
/** @typedef {import("./rows.js").Line} Line */
/** @typedef {{first: number, last: number, text: string}} Stretch frames inclusive */

const TOP = 3;
const HEIGHT = 13;
/** CSS pixels around a text in its stretch; it is left out where less than `LEAST` are left. */
const INSET = 5;
const LEAST = 14;

/** Questions about frames that were answered anywhere. @param {Bench} bench @returns {Line[]} */
export function linesOfFrames({ facts, store }) {
  const attributes = facts.classifications.flatMap((one) => one.attributes);
  return attributes.flatMap((one) => lineOf(one, store.classifications(), null, null));
}

/** Questions about an object whose answers change over frames. @param {Bench} bench @param {Instance} instance @returns {Line[]} */
export function linesOfObject(bench, instance) {
  const attributes = bench.classOf(instance).attributes.filter((one) => one.dynamic);
  if (!attributes.length) return [];
  const answers = bench.store.answers(instance.key);
  return attributes.flatMap((one) => lineOf(one, answers, instance.key, instance));
}

/** @param {Attribute} attribute @param {Answer[]} answers @param {string | null} key @param {Instance | null} instance @returns {Line[]} none where it was not answered */
function lineOf(attribute, answers, key, instance) {
  const said = answers.flatMap((one) => {
    if (one.definition !== attribute.id || one.first_frame === null || one.last_frame === null) return [];
    return [{ first: one.first_frame, last: one.last_frame, text: textOf(attribute, one.value) }];
  });
  return said.length ? [{ key, name: attribute.name, instance, said }] : [];
}

/** An answer in words. @param {Attribute} attribute @param {any} value */
export function textOf({ options }, value) {
  const labelOf = (/** @type {string} */ one) => options.find((option) => option.value === one)?.label ?? one;
  return (Array.isArray(value) ? value : [value]).map((one) => labelOf(String(one))).join(", ");
}

/** What a line says on a frame; empty when nothing. @param {Line} line @param {number} frame */
export function saidOn({ said }, frame) {
  return said?.find(({ first, last }) => first <= frame && frame <= last)?.text ?? "";
}

/** @param {Brush} brush @param {Stretch[]} said @param {number} top */
export function paintAnswers({ context, scale, theme }, said, top) {
  for (const { first, last, text } of said) {
    const left = Math.max(scale.x(first), -4);
    const right = Math.min(scale.x(last + 1), scale.width + 4);
    if (right - left <= 0) continue;
    context.beginPath();
    context.roundRect(left + 0.5, top + TOP + 0.5, Math.max(right - left - 1, 1), HEIGHT, 3);
    context.fillStyle = theme.colors["accent-soft"];
    context.fill();
    context.strokeStyle = theme.colors["line-strong"];
    context.lineWidth = 1;
    context.stroke();
    if (right - left - 2 * INSET >= LEAST) paintText(context, text, Math.max(left, 0) + INSET, right - INSET, top + 14, theme.colors.text);
  }
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} left @param {number} right @param {number} base @param {string} color */
function paintText(context, text, left, right, base, color) {
  context.save();
  context.beginPath();
  context.rect(left, base - HEIGHT, right - left, 2 * HEIGHT);
  context.clip();
  context.fillStyle = color;
  context.fillText(text, left, base);
  context.restore();
}
