// @ts-check
// The task page: its parts are made here and told of each other.

import { ApiError } from "../shared/api.js";
import { byId } from "../shared/dom.js";
import { watch } from "../shared/events.js";
import { Bench } from "./bench.js";
import { Canvas } from "./canvas.js";
import { offerClasses } from "./classes.js";
import { Details } from "./details.js";
import { Feed } from "./feed.js";
import { Frames } from "./frames.js";
import { Jobs } from "./jobs.js";
import { listenKeys } from "./keys.js";
import { Labels } from "./labels.js";
import { showList } from "./list.js";
import { Objects } from "./objects.js";
import { Saving } from "./saving.js";
import { showSaving } from "./savestate.js";
import { offerStages, taskMoved } from "./stages.js";
import { Tools } from "./tools.js";
import { Tracking } from "./tracking.js";
import { offerTransport, sayFrame } from "./transport.js";

/** @type {import("./types.js").Facts} */
const facts = JSON.parse(byId("facts").textContent ?? "");
const bench = new Bench(facts);
const labels = new Labels(bench);
const frames = new Frames(facts);
const saving = new Saving(bench, labels);
const objects = new Objects(bench, labels, saving);
const feed = new Feed(bench, labels, taskMoved);
const jobs = new Jobs(bench, feed);
const canvas = new Canvas(bench, labels, byId("picture", HTMLCanvasElement), byId("overlay", HTMLCanvasElement));
const tools = new Tools(bench, labels, canvas, objects, saving);
const details = new Details(bench, labels, objects, saving);
const tracking = facts.mayRun && document.getElementById("track-form") ? new Tracking(bench, jobs, saving) : null;

/** Show the picture of the wanted frame with its labels, or say why there is none. */
async function show() {
  const { frame } = bench;
  const reading = labels.need(frame).catch(() => {});
  try {
    const bitmap = await frames.show(frame);
    await reading;
    if (frame !== bench.frame) return;
    canvas.show(bitmap);
    sayFrame("");
  } catch (error) {
    if (frame !== bench.frame || !(error instanceof ApiError || error instanceof TypeError)) return;
    canvas.show(null);
    sayFrame(error instanceof ApiError ? error.message : "The server does not answer.");
  }
  bench.shown = frame;
  bench.tell("shown");
}

/** @param {number} width @param {number} height */
function fit(width, height) {
  if (frames.fit(canvas.resize(width, height)) || !canvas.bitmap) show();
}

bench.on(["frame"], show);
new ResizeObserver(([entry]) => entry && fit(entry.contentRect.width, entry.contentRect.height)).observe(byId("stage"));
showList(bench, labels);
showSaving(bench, saving);
offerTransport(bench);
offerClasses(bench);
offerStages(bench, saving);
listenKeys({
  step: (by) => bench.go(bench.frame + by),
  use: (tool) => bench.use(tool),
  classNumber: (number) => {
    const chosen = facts.classes[number - 1];
    if (chosen && facts.mayEdit) bench.useClass(chosen);
  },
  absent: () => objects.markAbsent(),
  track: (direction) => tracking?.runFromHere(direction),
  decide: (decision) => details.decide(decision),
  undo: () => jobs.undo(),
  escape: () => tools.cancel() || bench.select([]),
});
watch(facts.project, (event) => jobs.heard(event).catch(() => {}));
// What was saved here changes where objects are labelled, too.
saving.addEventListener("state", () => saving.state === "saved" && feed.pull());
feed.instances().catch((error) => sayFrame(error instanceof Error ? error.message : String(error)));
jobs.start().catch(() => {});
document.documentElement.dataset["ready"] = "true";
