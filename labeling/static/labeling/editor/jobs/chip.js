// @ts-check
// The chip in the header: how the run of this task stands. Of several it is the latest at work; the drawer lists all.

import { byId, make } from "../../shared/dom.js";
import { RunControls } from "./controls.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./runs.js").Job} Job */

export class JobChip {
  /**
   * @param {Bench} bench
   * @param {import("./follow.js").Runs} runs
   */
  constructor(bench, runs) {
    this.bench = bench;
    this.runs = runs;
    /** @type {number | null} the run that is shown */
    this.id = null;
    this.controls = new RunControls(bench, true);
    this.more = make("button", { class: "small quiet", type: "button", id: "job-more", hidden: true });
    this.more.addEventListener("click", () => bench.actions.run("panel.jobs"));
    this.close = make("button", { class: "small quiet icon", type: "button", id: "job-close", "aria-label": "Dismiss" }, "×");
    this.close.addEventListener("click", () => this.dismiss());
    byId("job-chip").replaceChildren(...this.controls.parts, this.more, this.close);
    bench.on(["jobs"], ({ detail }) => detail && this.heard(detail));
  }

  /** A run was ordered here, or stands otherwise now. @param {Job} job */
  show(job) {
    if (!job.finished_at) this.id = job.id;
    this.bench.tell("jobs", job);
  }

  /** @param {Job} job */
  heard(job) {
    const shown = this.id === null ? undefined : this.runs.known.get(this.id);
    if (shown?.finished_at || !shown) this.id = this.runs.active[0]?.id ?? job.id;
    this.paint();
  }

  paint() {
    const job = this.id === null ? undefined : this.runs.known.get(this.id);
    byId("job-chip").hidden = !job;
    if (!job) return;
    this.controls.show(job);
    this.close.hidden = job.finished_at === null;
    const others = this.runs.active.filter((one) => one.id !== job.id).length;
    this.more.hidden = !others || this.bench.actions.available("panel.jobs") !== true;
    this.more.textContent = `+${others}`;
    this.more.title = `${others} more at work: the panel lists them`;
  }

  dismiss() {
    this.id = null;
    this.paint();
    byId("stage").focus({ preventScroll: true });
  }
}
