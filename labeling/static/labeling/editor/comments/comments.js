// @ts-check
// Comments: the panel with its threads, the pins over the frame, and the tool that sets them.

import { Discussion } from "./discussion.js";
import { CommentPanel } from "./panel.js";
import { paintPins } from "./pins.js";
import { pinTool } from "./pintool.js";

/** @typedef {import("../bench.js").Bench} Bench */

/**
 * @param {Bench} bench
 * @param {HTMLElement} place
 */
export function showComments(bench, place) {
  const discussion = new Discussion(bench);
  const panel = new CommentPanel(bench, place, discussion);
  const may = () => bench.facts.mayComment || "As viewer of this project you may look, not comment.";
  paintPins(bench, discussion);
  bench.tools.set("comment", pinTool(bench, discussion, panel));
  bench.actions.add(
    { id: "comment.pin", title: "Pin a comment", group: "Review", keys: ["KeyM"], menus: ["canvas"], when: may, run: () => bench.use("comment") },
    {
      id: "comment.object", title: "Comment", group: "Review", menus: ["object"],
      when: () => (bench.primary?.id ? may() : "Select an object that is saved."),
      run: () => panel.begin({ kind: "instance", instance: bench.primary?.id ?? 0, frame: bench.shown }),
    },
    {
      id: "comment.range", title: "Comment on the chosen frames", group: "Review", menus: ["timeline"],
      when: () => bench.range !== null && may(),
      run: () => {
        if (bench.range) panel.begin({ kind: "range", frame: bench.range[0], last_frame: bench.range[1] });
      },
    },
  );
  discussion.read();
}
