// @ts-check
// The timeline: a row an object over the frames, with the range that is chosen and the frame that is shown.

import { make } from "../../shared/dom.js";
import { Border } from "./border.js";
import { listenWheel, PointerOnRows } from "./pointer.js";
import { offerRange, showRangeBar } from "./rangebar.js";
import { Sheet } from "./sheet.js";
import { actAsSlider } from "./slider.js";

/** @typedef {import("../bench.js").Bench} Bench */

/**
 * @param {Bench} bench
 * @param {HTMLElement} place
 */
export function showTimeline(bench, place) {
  offerRange(bench);
  bench.tracks.start();
  // A single picture has no use for it.
  place.hidden = bench.facts.first === bench.facts.last;
  if (place.hidden) return;
  const body = make("div", { class: "timeline-body", id: "timeline-rows", tabindex: "0" });
  const sheet = new Sheet(bench, body);
  const border = new Border(bench, sheet);
  place.append(border.handle, border.head(showRangeBar(bench)), body, border.map);
  new PointerOnRows(bench, sheet).listen();
  listenWheel(bench, sheet);
  actAsSlider(bench, sheet);
  follow(bench, sheet, border);
}

/**
 * Draw when something changes.
 * @param {Bench} bench
 * @param {Sheet} sheet
 * @param {Border} border
 */
function follow(bench, sheet, border) {
  bench.on(["instances", "tracks", "order", "answers"], () => sheet.list());
  bench.on(["reviews", "selection", "visible", "marks", "preferences", "class", "jobs"], () => sheet.draw());
  bench.on(["range"], () => sheet.drawAbove());
  bench.on(["frame", "shown"], () => {
    if (!sheet.isDragged && sheet.scale.reveal(sheet.frame)) sheet.draw();
    sheet.drawAbove();
  });
  bench.on(["selection"], () => {
    const { primary } = bench;
    if (primary) sheet.revealRow(primary.key);
  });
  bench.on(["tracks"], () => border.sayError());
  sheet.list();
}
