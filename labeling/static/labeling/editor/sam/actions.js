// @ts-check
// What SAM mode lets a person do by key, menu and button.

import { anySegmentable } from "./segmentable.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */
/** @typedef {import("../jobs/form.js").Direction} Direction */
/** @typedef {import("./sam.js").Sam} Sam */
/** @typedef {import("./trackpart.js").TrackPart} TrackPart */

/** @param {Bench} bench @param {Sam} sam @param {TrackPart} tracking @returns {Action[]} */
export function samActions(bench, sam, tracking) {
  const toggle = () => bench.use(sam.on ? "select" : "sam");
  const track = (/** @type {Direction} */ direction) => ({
    // Without a draft the key tracks what is selected.
    when: () => sam.draft !== null && tracking.tracks.available(direction),
    run: () => tracking.start(direction),
  });
  return [
    { id: "sam.toggle", title: "SAM mode: toggle auto-annotation", group: "Tools", keys: ["Shift+KeyA"], when: () => sam.on || anySegmentable(bench), run: toggle },
    { id: "sam.save", title: "Save what SAM found, and what is tracked from it", group: "Tools", keys: ["Enter"], when: () => sam.draft !== null || tracking.tracks.run !== null, run: () => void sam.save() },
    { id: "sam.track-forwards", title: "Save the draft and track it forwards", group: "Tools", keys: ["Shift+KeyT"], ...track("forwards") },
    { id: "sam.track-backwards", title: "Save the draft and track it backwards", group: "Tools", keys: ["Shift+Alt+KeyT"], ...track("backwards") },
  ];
}
