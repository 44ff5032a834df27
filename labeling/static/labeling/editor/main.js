// @ts-check
// The workbench: its rooms are made here and told of each other.

import { byId } from "../shared/dom.js";
import { listenKeys } from "./actions/keys.js";
import { offerMenus } from "./actions/menu.js";
import { Registry } from "./actions/registry.js";
import { Bench } from "./bench.js";
import { offerViews } from "./canvas/actions.js";
import { Canvas } from "./canvas/canvas.js";
import { listenPointer } from "./canvas/pointer.js";
import { Viewport } from "./canvas/viewport.js";
import { showComments } from "./comments/comments.js";
import { Frames } from "./frames/frames.js";
import { showFrames } from "./frames/show.js";
import { offerTransport } from "./frames/transport.js";
import { Runs } from "./jobs/follow.js";
import { offerJobs } from "./jobs/jobs.js";
import { offerStages } from "./jobs/stages.js";
import { offerClipboard } from "./model/clipboard.js";
import { Editing } from "./model/editing.js";
import { offerObjects } from "./model/objects.js";
import { showSaving } from "./model/savestate.js";
import { Store } from "./model/store.js";
import { Sync } from "./model/sync.js";
import { showAttributes } from "./panels/attributes.js";
import { showClasses } from "./panels/classes.js";
import { showHelp } from "./panels/help.js";
import { showMessages } from "./panels/messages.js";
import { offerTabs } from "./panels/tabs.js";
import { showView } from "./panels/view.js";
import { showBell } from "./presence/bell.js";
import { showPresence } from "./presence/presence.js";
import { offerReview } from "./review/review.js";
import { offerSam } from "./sam/offer.js";
import { offerSettings } from "./settings/dialog.js";
import { Preferences } from "./settings/preferences.js";
import { showTable } from "./table/table.js";
import { showTimeline } from "./timeline/timeline.js";
import { Tracks } from "./timeline/tracks.js";
import { offerTools } from "./tools/index.js";

/** @type {import("./types.js").Facts} */
const facts = JSON.parse(byId("facts").textContent ?? "");
const bench = new Bench(facts);

bench.preferences = new Preferences(bench);
bench.actions = new Registry(bench);
bench.store = new Store(bench);
bench.sync = new Sync(bench);
bench.editing = new Editing(bench);
bench.runs = new Runs(bench);
bench.frames = new Frames(bench);
bench.tracks = new Tracks(bench);
bench.viewport = new Viewport();
bench.canvas = new Canvas(bench, byId("stage"));

showMessages(bench);
showSaving(bench);
offerObjects(bench);
offerClipboard(bench);
// Of two actions with one key that can both be done, the later one is meant: a vertex goes before its object.
offerTools(bench);
listenPointer(bench);
offerViews(bench);
showFrames(bench);
offerTransport(bench, byId("transport"));
showTimeline(bench, byId("timeline"));
showAttributes(bench, byId("attributes"));
showView(bench, byId("view"));
showTable(bench, byId("objects"));
showClasses(bench, byId("classes"));
const chip = offerJobs(bench, byId("jobs"));
// After what tracks the selected objects: while a draft is open the same keys track that.
offerSam(bench, byId("classes"), chip);
offerStages(bench);
offerReview(bench, byId("review"));
showComments(bench, byId("comments"));
showPresence(bench, byId("presence"));
showBell(bench, byId("bell"));
offerTabs(bench);
offerSettings(bench);
showHelp(bench);
offerMenus(bench);
listenKeys(bench);

bench.sync.start().catch((error) => bench.say(error instanceof Error ? error.message : String(error), "bad"));
bench.use("select");
// For the console, tests and measurements: the page itself does not read it.
Object.assign(window, { labelyard: bench });
document.documentElement.dataset["ready"] = "true";
