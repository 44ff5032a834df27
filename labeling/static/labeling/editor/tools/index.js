// @ts-check
// The tools of the workbench, made here and told of each other.

import { byId } from "../../shared/dom.js";
import { fits, fitsMask, toolActions } from "./actions.js";
import { AreaTool } from "./area.js";
import { ToolBar } from "./bar.js";
import { BrushSize, BrushTool } from "./brush.js";
import { DrawingTool } from "./drawing.js";
import { Grips } from "./grips.js";
import { MaskSession } from "./masks/session.js";
import { PointTool } from "./point.js";
import { PolygonTool } from "./polygon.js";
import { PolylineTool } from "./polyline.js";
import { RotatedTool } from "./rotated.js";
import { SelectTool } from "./select/select.js";
import { nextKind, TOOL_OF } from "./subject.js";

/** @typedef {import("../bench.js").Bench} Bench */

/** @param {Bench} bench */
export function offerTools(bench) {
  const grips = new Grips(bench);
  const session = new MaskSession(bench);
  const size = new BrushSize(bench.preferences);
  const polygon = new PolygonTool(bench, grips, session);
  const tools = [
    new SelectTool(bench, grips),
    new AreaTool(bench, grips, "box", "Box", ["bounding_box"]),
    new RotatedTool(bench, grips, "rotated", "Rotated box", ["rotatable_bounding_box"]),
    polygon,
    new PolylineTool(bench, grips, "polyline", "Polyline", ["polyline"]),
    new PointTool(bench, grips, "point", "Keypoint", ["point"]),
    new AreaTool(bench, grips, "skeleton", "Skeleton", ["skeleton"]),
    new BrushTool(bench, session, size, { name: "brush", title: "Brush", value: 1, verb: "Paint" }),
    new BrushTool(bench, session, size, { name: "eraser", title: "Eraser", value: 0, verb: "Erase from" }),
  ];
  for (const tool of tools) bench.tools.set(tool.name, tool);
  toolActions(bench, { grips, size, polygon, session });
  new ToolBar(bench, byId("tools"), { size, polygon });
  follow(bench);
  listenSize(bench, size);
}

/** Another class or another frame: the tool that fits, and nothing unfinished that is not seen. @param {Bench} bench */
function follow(bench) {
  let frame = bench.shown;
  bench.on(["shown"], () => {
    if (bench.shown !== frame && isOurs(bench)) bench.tool?.stop?.();
    frame = bench.shown;
  });
  bench.on(["class"], () => {
    const { tool } = bench;
    const drawn = tool instanceof DrawingTool || tool instanceof BrushTool;
    const kind = nextKind(bench);
    if (!drawn || !kind) return;
    const still = tool instanceof DrawingTool ? fits(bench, tool.kinds) : fitsMask(bench);
    if (still !== true) bench.use(TOOL_OF[kind]);
  });
}

/** @param {Bench} bench */
function isOurs({ tool }) {
  return tool instanceof SelectTool || tool instanceof DrawingTool || tool instanceof BrushTool;
}

/** The wheel with Alt changes the size of the brush. @param {Bench} bench @param {BrushSize} size */
function listenSize(bench, size) {
  byId("stage").addEventListener(
    "wheel",
    (event) => {
      if (!event.altKey || !(bench.tool instanceof BrushTool)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.deltaY) size.step(event.deltaY < 0 ? 1 : -1);
    },
    { capture: true, passive: false },
  );
}
