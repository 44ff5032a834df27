// @ts-check
// The runs of this task, in the drawer: each with its progress and what can be done to it.

import { make } from "../../shared/dom.js";
import { RunControls } from "./controls.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./runs.js").Job} Job */

/** Ended ones that are listed beside those at work. */
const ENDED = 5;

export class RunList {
  /**
   * @param {Bench} bench
   * @param {import("./follow.js").Runs} runs
   */
  constructor(bench, runs) {
    this.bench = bench;
    this.runs = runs;
    /** @type {Map<number, {element: HTMLElement, controls: RunControls}>} */
    this.rows = new Map();
    this.list = make("ul", { class: "runs", id: "runs" });
    this.element = make("section", { class: "drawer-runs", "aria-label": "Runs", hidden: true }, make("h2", {}, "Runs"), this.list);
    bench.on(["jobs"], () => this.paint());
  }

  paint() {
    const { all } = this.runs;
    const ended = all.filter((job) => job.finished_at).slice(0, ENDED);
    const jobs = all.filter((job) => !job.finished_at || ended.includes(job));
    this.element.hidden = !jobs.length;
    const elements = jobs.map((job) => this.row(job));
    // What is in place stays, so that a button keeps its focus.
    if (elements.length !== this.list.children.length || elements.some((one, index) => this.list.children[index] !== one)) this.list.replaceChildren(...elements);
  }

  /** @param {Job} job */
  row(job) {
    const known = this.rows.get(job.id) ?? this.makeRow(job);
    this.rows.set(job.id, known);
    known.controls.show(job);
    return known.element;
  }

  /** @param {Job} job */
  makeRow(job) {
    const controls = new RunControls(this.bench);
    const title = this.runs.titleOf(job);
    const [words, bar, ...buttons] = controls.parts;
    const element = make(
      "li", { class: "run", role: "group", "aria-label": title },
      make("div", { class: "run-title" }, make("span", { class: "name" }, title), make("span", { class: "small muted" }, `${job.first_frame} to ${job.last_frame}`)),
      make("div", { class: "run-state small" }, words ?? "", bar ?? ""),
      make("div", { class: "actions" }, ...buttons),
    );
    return { element, controls };
  }
}
