// @ts-check
// Making, deleting and marking objects.

import { ApiError, ask } from "../shared/api.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./labels.js").Labels} Labels */
/** @typedef {import("./saving.js").Saving} Saving */
/** @typedef {import("./types.js").BoxShape} BoxShape */

export class Objects {
  /**
   * @param {Bench} bench
   * @param {Labels} labels
   * @param {Saving} saving
   */
  constructor(bench, labels, saving) {
    this.bench = bench;
    this.labels = labels;
    this.saving = saving;
  }

  /**
   * A box was drawn on the frame that is shown: for the selected object if it has none here, else
   * for a new one of the chosen class.
   * @param {BoxShape} box
   */
  drawn(box) {
    const { bench } = this;
    const frame = bench.shown;
    const selected = bench.selection.size === 1 ? bench.primary : null;
    const wants = selected && !this.labels.get(selected.id, frame)?.shape;
    if (selected && wants && isBox(bench.classOf(selected).shape)) {
      this.saving.put(selected.id, frame, shapeOf(bench.classOf(selected).shape, box));
      return;
    }
    const chosen = bench.classes.get(bench.classId ?? 0);
    if (chosen) this.saving.add(`new ${crypto.randomUUID()}`, () => this.create(chosen, frame, box));
  }

  /**
   * @param {import("./types.js").ObjectClass} chosen
   * @param {number} frame
   * @param {BoxShape} box
   */
  async create(chosen, frame, box) {
    const { bench } = this;
    const made = await ask("POST", `tasks/${bench.facts.task}/instances/`, { object_class: chosen.id });
    try {
      const shape = shapeOf(chosen.shape, box);
      const label = await ask("PUT", `instances/${made.id}/labels/${frame}/`, { shape }, { ifMatch: 0 });
      bench.instances.set(made.id, { ...made, labelled: { first: frame, last: frame, count: 1 } });
      this.labels.put(label);
    } catch (error) {
      // An object without its first label is nothing that anybody asked for.
      if (error instanceof ApiError) await ask("DELETE", `instances/${made.id}/`).catch(() => {});
      throw error;
    }
    bench.tell("instances");
    bench.select([made.id]);
  }

  /** Say that the selected objects are not on this frame. */
  markAbsent() {
    const { bench } = this;
    if (!bench.facts.mayEdit) return;
    for (const id of bench.selection) {
      const known = this.labels.get(id, bench.shown);
      if (!known || known.shape) this.saving.put(id, bench.shown, null);
    }
  }

  /** Delete the selected objects with all their labels. */
  remove() {
    const { bench } = this;
    if (!bench.facts.mayEdit) return;
    const chosen = [...bench.selection];
    bench.select([]);
    for (const id of chosen) {
      this.saving.add(`delete ${id}`, async () => {
        await ask("DELETE", `instances/${id}/`);
        bench.instances.delete(id);
        this.labels.forget(id);
        bench.tell("instances");
      });
    }
  }
}

/** @param {string} kind */
export function isBox(kind) {
  return kind === "bounding_box" || kind === "rotatable_bounding_box";
}

/**
 * @param {string} kind
 * @param {BoxShape} box
 */
function shapeOf(kind, box) {
  return kind === "rotatable_bounding_box" ? { ...box, rotation: 0 } : box;
}
