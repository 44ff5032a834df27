// @ts-check
// What this person did in the task on earlier pages: edits, and runs that were ordered, in the order of time.

import { ask } from "../../shared/api.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./history.js").Step} Step */
/** @typedef {import("../jobs/runs.js").Job} Job */

const READ = 100;

/** The steps that undo can reach back to, the oldest first. @param {Bench} bench @returns {Promise<Step[]>} */
export async function pastSteps(bench) {
  const path = `tasks/${bench.facts.task}/`;
  const [edits, jobs] = await Promise.all([
    ask("GET", `${path}edits/?mine=true&limit=${READ}`),
    ask("GET", `${path}jobs/?mine=true&limit=${READ}`),
  ]);
  const dated = [
    ...edits.results.map((/** @type {any} */ one) => ({ at: one.at, step: stepOfEdit(one) })),
    ...jobs.results.filter((/** @type {Job} */ one) => turnable(bench, one)).map((/** @type {Job} */ one) => ({ at: one.created_at, step: stepOfJob(bench, one) })),
  ];
  // Where one list goes back farther than the other, what would be missing between is left out.
  const from = [edits, jobs].flatMap(({ results, next }) => (next === null ? [] : [results.at(-1).at ?? results.at(-1).created_at])).sort().at(-1);
  return dated
    .filter(({ at }) => from === undefined || at >= from)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ step }) => step);
}

/** Whether there is something to take back, or to bring back again. @param {Bench} bench @param {Job} job */
function turnable({ facts }, { finished_at: ended, labels_written: written, reverted_by: by }) {
  return (ended === null || written > 0) && (!by || by.id === facts.user.id);
}

/** @param {any} one @returns {Step} */
function stepOfEdit({ key, title, undone, seq }) {
  return { kind: "edit", key, title: title || "Change", undone, seq, patch: null };
}

/** @param {Bench} bench @param {Job} job @returns {Step} */
function stepOfJob({ runs }, job) {
  const title = runs.titleOf(job);
  return { kind: "job", key: String(job.id), title, undone: job.reverted_at !== null, seq: null, patch: null };
}
