// @ts-check
// Drafts of frames that were left: put aside, and taken up again. Pure.

/** @typedef {import("./draft.js").SamDraft} SamDraft */
/** @typedef {import("../types.js").Key} Key */

export class Aside {
  constructor() {
    /** @type {Map<number, SamDraft>} by frame */
    this.drafts = new Map();
  }

  /** @param {SamDraft} draft */
  put(draft) {
    this.drafts.set(draft.subject.frame, draft);
  }

  /**
   * The draft of a frame, which is not aside any more; null where there is none, or its object is gone.
   * @param {number} frame
   * @param {{has: (key: Key) => boolean}} instances
   * @returns {SamDraft | null}
   */
  take(frame, instances) {
    const draft = this.drafts.get(frame) ?? null;
    this.drafts.delete(frame);
    const key = draft?.subject.key ?? null;
    return key === null || instances.has(key) ? draft : null;
  }
}
