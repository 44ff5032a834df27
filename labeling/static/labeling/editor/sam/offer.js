// @ts-check
// SAM mode, made here and told of the page.

import { samActions } from "./actions.js";
import { panopticPanel } from "./panoptic.js";
import { Popup } from "./popup.js";
import { Sam } from "./sam.js";
import { SamTool } from "./tool.js";
import { keepWarm } from "./warm.js";

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} bench @param {HTMLElement} tools where the settings of tools are */
export function offerSam(bench, tools) {
  const sam = new Sam(bench);
  bench.tools.set("sam", new SamTool(sam));
  bench.actions.add(...samActions(bench, sam));
  tools.append(panopticPanel(bench, sam));
  new Popup(bench, sam);
  keepWarm(bench, sam);
}
