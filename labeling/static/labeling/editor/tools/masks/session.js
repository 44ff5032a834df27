// @ts-check
// One bitmask in hand: whose it is, its pixels while strokes change them, and what is kept of them.

import { make } from "../../../shared/dom.js";
import { frameSize, heldLabel, obstacle } from "../guard.js";
import { keepChanged, keepDrawn, subjectFor } from "../subject.js";
import { MaskRaster } from "./raster.js";

/** @typedef {import("../../bench.js").Bench} Bench */
/** @typedef {import("../../types.js").BitmaskShape} BitmaskShape */
/** @typedef {import("../guard.js").Held} Held */
/** @typedef {import("../subject.js").Subject} Subject */

export class MaskSession {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    /** @type {Held | null} the label that is changed */
    this.held = null;
    /** @type {Subject | null} who a new label is for */
    this.subject = null;
    /** @type {MaskRaster | null} */
    this.raster = null;
    /** @type {BitmaskShape | null} the shape that the raster holds, between strokes */
    this.drawn = null;
  }

  /** The selected bitmask on this frame, if it may be changed. @returns {Held | null} */
  target() {
    const held = heldLabel(this.bench);
    return held?.kind === "bitmask" ? held : null;
  }

  /**
   * Take the selected bitmask in hand, or a new one; says why when neither can be.
   * @param {{make?: boolean}} [options] whether there may be a new one
   */
  open({ make = true } = {}) {
    const { bench } = this;
    this.held = this.target();
    this.subject = null;
    if (!this.held) {
      const fast = this.fast();
      const subject = fast || (make ? subjectFor(bench, ["bitmask"]) : "Select a bitmask on this frame first.");
      if (typeof subject === "string") {
        bench.say(subject, "warn");
        return false;
      }
      this.subject = subject;
    }
    this.load(this.held?.shape ?? null);
    return true;
  }

  /** Why the one bitmask that is selected must not be changed. */
  fast() {
    const { bench } = this;
    const [key, more] = bench.selection;
    const instance = key === undefined || more !== undefined ? null : bench.store.instances.get(key);
    const chosen = instance && bench.classOf(instance).shape === "bitmask" && bench.store.label(instance.key, bench.shown)?.shape;
    return chosen && key ? obstacle(bench, key) : "";
  }

  /** @param {BitmaskShape | null} shape */
  load(shape) {
    const { drawn, raster } = this;
    const kept = shape && drawn && raster && shape.left === drawn.left && shape.top === drawn.top && shape.counts === drawn.counts;
    const size = frameSize(this.bench);
    if (kept && raster.size.width === size.width && raster.size.height === size.height) return;
    this.raster = new MaskRaster(size, shape);
    this.drawn = shape;
  }

  /** @param {import("../../types.js").Point} from @param {import("../../types.js").Point} to @param {number} radius @param {0 | 1} value */
  stroke(from, to, radius, value) {
    this.raster?.stroke(from, to, radius, value);
    this.drawn = null;
    this.show();
  }

  /** @param {import("../../types.js").Point[][][]} polygons @param {0 | 1} value */
  fill(polygons, value) {
    this.raster?.fill(polygons, value);
    this.drawn = null;
    this.show();
  }

  show() {
    const { bench, held, subject, raster } = this;
    const objectClass = held ? (bench.store.instances.get(held.key)?.object_class ?? 0) : subject?.of.id;
    if (!raster || objectClass === undefined) return;
    const frame = held?.label.frame ?? subject?.frame ?? bench.shown;
    const instance = held?.key ?? subject?.key ?? null;
    bench.setDraft({ instance, objectClass, frame, shape: null, mask: raster.picture });
  }

  /** Keep what the raster holds. When nothing is left of an object, ask what that means. @param {string} verb */
  async keep(verb) {
    const { bench, held, subject, raster } = this;
    const shape = raster?.shape() ?? null;
    this.close();
    if (shape && held && shape.left === held.shape.left && shape.top === held.shape.top && shape.counts === held.shape.counts) return;
    if (shape) {
      this.drawn = shape;
      const kept = held ? keepChanged(bench, verb, [{ held, shape }]) : subject !== null && keepDrawn(bench, subject, shape);
      if (!kept) this.drawn = null;
      return;
    }
    if (held && (await asked(held.name))) {
      bench.edit(`Erase ${held.name}`, [{ op: "label.absent", instance: held.key, frame: held.label.frame }]);
    }
  }

  /** Leave everything as it is kept. */
  close() {
    const open = this.held !== null || this.subject !== null;
    this.held = null;
    this.subject = null;
    if (open) this.bench.setDraft(null);
    return open;
  }
}

/** Nothing of an object is left: is it not on this frame? @param {string} name @returns {Promise<boolean>} */
function asked(name) {
  const dialog = make(
    "dialog",
    { class: "mask-question", "aria-labelledby": "mask-question-title" },
    make("h2", { id: "mask-question-title" }, `Nothing is left of ${name}`),
    make("p", {}, "Mark it absent on this frame, or keep it as it was before this stroke?"),
    make(
      "form",
      { method: "dialog", class: "actions end" },
      make("button", { value: "keep" }, "Keep it as it was"),
      make("button", { value: "absent", class: "primary", autofocus: true }, "Mark absent"),
    ),
  );
  document.body.append(dialog);
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "absent");
    });
    dialog.showModal();
  });
}
