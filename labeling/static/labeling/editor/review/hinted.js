// @ts-check
// Frames that tracking itself noticed, in the order of the review: identity jumps first, then score drops. Pure.

/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("./items.js").Item} Item */
/** @typedef {{key: Key, jumps: [number, number][], drops: [number, number][]}} Noticed frame and strength, 0 to 1 */

export const WHY = Object.freeze({ jump: "Identity jump", drop: "Score drop" });

/**
 * @param {Noticed[]} noticed
 * @param {boolean} surestFirst else by frame
 * @returns {Item[]}
 */
export function hintItems(noticed, surestFirst) {
  const items = noticed.flatMap(({ key, jumps, drops }) => {
    const jumped = new Set(jumps.map(([frame]) => frame));
    // A frame that has both is one item: the jump says more.
    return [
      ...jumps.map(([frame, strength]) => ({ key, frame, strength, why: WHY.jump })),
      ...drops.filter(([frame]) => !jumped.has(frame)).map(([frame, strength]) => ({ key, frame, strength, why: WHY.drop })),
    ];
  });
  const rank = (/** @type {{why: string}} */ one) => (one.why === WHY.jump ? 0 : 1);
  items.sort((a, b) => (surestFirst ? rank(a) - rank(b) || b.strength - a.strength : 0) || a.frame - b.frame);
  return items.map(({ key, frame, why }) => ({ instance: key, first: frame, last: frame, frame, confidence: null, why }));
}
