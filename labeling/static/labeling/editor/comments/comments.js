// @ts-check
// Comments: the panel with its threads, the pins over the frame, and the tool that sets them.

import { Discussion } from "./discussion.js";
import { CommentPanel } from "./panel.js";
import { Pins } from "./pins.js";
import { pinTool } from "./pintool.js";
import { framesOf } from "./threads.js";

/** @typedef {import("../bench.js").Bench} Bench */

/**
 * @param {Bench} bench
 * @param {HTMLElement} place
 */
export function showComments(bench, place) {
  const discussion = new Discussion(bench);
  const panel = new CommentPanel(bench, place, discussion);
  new Pins(bench, discussion, panel);
  discussion.addEventListener("change", () => bench.mark("comments", framesOf(discussion.threads)));
  bench.tools.set("comment", pinTool(bench, panel));
  offerComments(bench, panel);
  discussion.read().then(() => follow(discussion, panel));
}

/** @param {Bench} bench @param {CommentPanel} panel */
function offerComments(bench, panel) {
  const may = () => bench.facts.mayComment || "As viewer of this project you may look, not comment.";
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
}

/** An address may lead to a comment: `#comment-12`. @param {Discussion} discussion @param {CommentPanel} panel */
function follow(discussion, panel) {
  const id = Number(/^#comment-(\d+)$/.exec(location.hash)?.[1]);
  const thread = discussion.threads.find(({ first, replies }) => [first, ...replies].some((one) => one.id === id));
  if (thread) panel.reveal(thread);
}
