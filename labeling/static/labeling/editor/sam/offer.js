// @ts-check
// SAM mode, made here and told of the page.

import { samActions } from "./actions.js";
import { panopticPanel } from "./panoptic.js";
import { Popup } from "./popup.js";
import { Sam } from "./sam.js";
import { SamTool } from "./tool.js";
import { Tracks } from "./tracks.js";
import { keepWarm } from "./warm.js";

/** @typedef {import("../bench.js").Bench} Bench */

/**
 * @param {Bench} bench
 * @param {HTMLElement} place for the settings of bitmasks
 * @param {import("../jobs/chip.js").JobChip} chip follows the runs that are ordered here
 */
export function offerSam(bench, place, chip) {
  const sam = new Sam(bench);
  bench.tools.set("sam", new SamTool(sam));
  const tracks = new Tracks(bench, sam, chip);
  sam.tracks = tracks;
  place.append(panopticPanel(bench, sam));
  const popup = new Popup(bench, sam, tracks);
  bench.actions.add(...samActions(bench, sam, popup.tracking));
  keepWarm(bench, sam);
}
