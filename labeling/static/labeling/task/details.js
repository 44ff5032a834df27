// @ts-check
// What is selected: where it is labelled, what can be done to it, and a reviewer's word on it.

import { ask } from "../shared/api.js";
import { byId } from "../shared/dom.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./labels.js").Labels} Labels */
/** @typedef {import("./objects.js").Objects} Objects */
/** @typedef {import("./saving.js").Saving} Saving */

export class Details {
  /**
   * @param {Bench} bench
   * @param {Labels} labels
   * @param {Objects} objects
   * @param {Saving} saving
   */
  constructor(bench, labels, objects, saving) {
    this.bench = bench;
    this.labels = labels;
    this.objects = objects;
    this.saving = saving;
    bench.on(["selection", "instances", "labels", "shown"], () => this.show());
    document.getElementById("mark-absent")?.addEventListener("click", () => objects.markAbsent());
    document.getElementById("delete-object")?.addEventListener("click", () => this.askDelete());
    for (const decision of ["accepted", "rejected", "cleared"]) {
      document.getElementById(`review-${decision}`)?.addEventListener("click", () => this.decide(decision));
    }
    this.show();
  }

  show() {
    const { bench } = this;
    const count = bench.selection.size;
    const one = bench.primary;
    byId("details").hidden = count === 0;
    if (!one) return;
    byId("details-name").textContent = count > 1 ? `${count} objects` : one.name;
    const { first, last, count: labelled } = one.labelled;
    byId("details-span").textContent =
      count > 1
        ? ""
        : labelled
          ? `${labelled} frame${labelled === 1 ? "" : "s"} labelled, ${first} to ${last}`
          : "No frame labelled";
    const absent = /** @type {HTMLButtonElement | null} */ (document.getElementById("mark-absent"));
    if (absent) absent.disabled = [...bench.selection].every((id) => this.labels.get(id, bench.shown)?.shape === null);
  }

  askDelete() {
    const dialog = /** @type {HTMLDialogElement} */ (byId("delete-dialog"));
    byId("delete-sentence").textContent = `Delete ${byId("details-name").textContent} with all labels?`;
    dialog.returnValue = "";
    dialog.onclose = () => dialog.returnValue === "delete" && this.objects.remove();
    dialog.showModal();
  }

  /**
   * Accept or reject the selected objects over the range that the form says, or take a decision back.
   * @param {string} decision
   */
  decide(decision) {
    const { bench } = this;
    if (!bench.facts.mayJudge || !bench.selection.size) return;
    const range = this.range();
    const reason = decision === "rejected" ? byId("review-reason", HTMLInputElement).value.trim() : "";
    for (const instance of bench.selection) {
      this.saving.add(`review ${instance} ${crypto.randomUUID()}`, async () => {
        await ask("POST", `tasks/${bench.facts.task}/reviews/`, { instance, decision, reason, ...range });
        const { first, last } = bench.facts;
        await this.labels.refresh(range.first_frame ?? first, range.last_frame ?? last);
      });
    }
    byId("review-reason", HTMLInputElement).value = "";
  }

  /** @returns {{first_frame?: number, last_frame?: number}} empty for the whole task */
  range() {
    const first = byId("review-first", HTMLInputElement).valueAsNumber;
    const last = byId("review-last", HTMLInputElement).valueAsNumber;
    return {
      ...(Number.isFinite(first) ? { first_frame: first } : {}),
      ...(Number.isFinite(last) ? { last_frame: last } : {}),
    };
  }
}

