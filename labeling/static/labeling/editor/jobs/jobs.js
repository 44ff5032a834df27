// @ts-check
// Automated labeling in the workbench: the drawer, the chip, and the actions that start a run.

import { make } from "../../shared/dom.js";
import { trackedOnTo } from "./again.js";
import { JobChip } from "./chip.js";
import { Detection } from "./detection.js";
import { Drawer } from "./drawer.js";
import { section } from "./fields.js";
import { RunList } from "./runlist.js";
import { trackable, trackerMeant } from "./trackable.js";

/** @typedef {import("../bench.js").Bench} Bench */

/**
 * @param {Bench} bench
 * @param {HTMLElement} place
 * @returns {JobChip} follows the runs of this task
 */
export function offerJobs(bench, place) {
  const { runs } = bench;
  const chip = new JobChip(bench, runs);
  runs.start().catch(() => {});
  const { mayRun, directions, noun } = bench.facts;
  if (!mayRun) return chip;
  place.append(new RunList(bench, runs).element);
  new Detection(bench, place, chip);
  if (directions.length) offerTracking(bench, new Drawer(bench, place, chip));
  else {
    const words = `Objects cannot be tracked in ${noun}.`;
    place.append(section("Tracking and interpolation", true, make("p", { class: "small muted" }, words)));
  }
  return chip;
}

/**
 * @param {Bench} bench
 * @param {Drawer} drawer
 */
function offerTracking(bench, drawer) {
  const meant = (/** @type {"forwards" | "backwards"} */ direction) => trackable(bench, direction, trackerMeant(bench));
  const named = (/** @type {string} */ title) => () => (bench.selection.size > 1 ? `${title} all` : title);
  bench.actions.add(
    {
      id: "object.track-forwards", title: "Track forwards", named: named("Track forwards"), group: "Objects", keys: ["Shift+KeyT"], menus: ["object"],
      when: () => meant("forwards"), run: () => drawer.runFromHere("forwards"),
    },
    {
      id: "object.track-backwards", title: "Track backwards", named: named("Track backwards"), group: "Objects", keys: ["Shift+Alt+KeyT"], menus: ["object"],
      when: () => meant("backwards"), run: () => drawer.runFromHere("backwards"),
    },
    {
      id: "object.track-fast", title: "Track forwards with the fast tracker", group: "Objects", keys: ["Alt+KeyT"], menus: ["object"],
      when: () => trackable(bench, "forwards", "fast"), run: () => drawer.runFromHere("forwards", { fast: true }),
    },
    {
      id: "object.track-again", title: "Track again from here", group: "Objects", keys: ["Alt+KeyR"], menus: ["object"],
      when: () => correctedTo(bench) !== null && meant("forwards"), run: () => drawer.runUpTo(correctedTo(bench) ?? bench.shown),
    },
    {
      id: "object.interpolate", title: "Interpolate between labels", group: "Objects", keys: ["Shift+KeyI"], menus: ["object", "timeline"],
      when: () => bench.selection.size > 0 || "Select the objects to interpolate.", run: () => drawer.interpolate(),
    },
    {
      id: "range.track", title: "Track the chosen frames", group: "Objects", menus: ["timeline"],
      when: () => bench.range !== null && meant("forwards"), run: () => drawer.runRange(),
    },
  );
}

/** How far the selected objects were tracked on from the labels by hand on this frame; null where none was. @param {Bench} bench */
function correctedTo(bench) {
  const lasts = [...bench.selection].flatMap((key) => trackedOnTo(bench.tracks.of(key), bench.shown) ?? []);
  return lasts.length ? Math.max(...lasts) : null;
}
