// @ts-check
// All objects of a kind: asked for by words, and once more for those that are less sure.

import { bounds } from "../geometry/shapes.js";
import { Results } from "./results.js";

/** @typedef {import("./draft.js").SamDraft} SamDraft */
/** @typedef {import("./sam.js").Sam} Sam */

/** Look for all objects of the frame that are what the words say. @param {Sam} sam @param {string} words */
export async function detect(sam, words) {
  if (sam.draft) sam.close();
  const draft = sam.begin();
  if (!draft) return;
  draft.subject = { ...draft.subject, key: null };
  draft.mode = "all";
  draft.words = words;
  draft.state = "waiting";
  sam.prompts.since = performance.now();
  sam.changed();
  sam.tick();
  // Labels that serve as examples have to be at the server.
  await sam.bench.editing.flush().catch(() => {});
  if (sam.draft === draft) sam.ask();
}

/** Ask for objects that are less sure than all that came. @param {Sam} sam @param {number} threshold */
export function askBelow(sam, threshold) {
  const { draft } = sam;
  if (draft?.mode !== "all" || !draft.current || threshold >= (draft.threshold ?? sam.results.floor)) return;
  draft.threshold = threshold;
  sam.ask();
}

/**
 * The results of a draft's newest answer; what was deleted of its last one is not brought back by it.
 * @param {SamDraft | null} draft @param {{of: SamDraft | null, results: Results}} before
 */
export function resultsOf(draft, { of, results }) {
  const renewed = new Results(draft?.shapes ?? [], draft?.threshold);
  if (draft?.mode === "all" && draft === of) renewed.follow(results, (one) => bounds(draft.subject.of.shape, one.shape));
  return renewed;
}
