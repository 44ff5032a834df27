// @ts-check
// The forms in which segmenting is asked for and answered; types only. `docs/api.md` has the routes.

/** @typedef {import("../types.js").Key} Key */
/** @typedef {import("../types.js").ObjectClass} ObjectClass */
/** @typedef {import("../types.js").Rect} Rect */
/**
 * @typedef {{x: number, y: number, include: boolean}} Click pixels of the frame; `include` false: the object is not here
 * @typedef {{key: Key | null, of: ObjectClass, frame: number}} Subject whom a draft is for; key null for a new object
 * @typedef {{instance: number, frame: number}} Example a label by its object's number at the server
 * @typedef {{shape: any, confidence: number}} Found
 *
 * What is asked of the kind of answer: `object` is one object, `area` all that lie in the box, `all` those of the frame.
 * @typedef {"object" | "area" | "all"} Mode
 *
 * @typedef {object} Reply the answer, or where it stands
 * @property {string} id
 * @property {"waiting" | "no_worker" | "done" | "superseded" | "failed"} state
 * @property {string} code
 * @property {string} sentence
 * @property {number | null} position while it waits; 0 is being answered
 * @property {Found[]} shapes the surest first
 * @property {{name: string, version: string, device?: string} | null} made_by
 * @property {string[]} [notes]
 * @property {Record<string, number>} [times] milliseconds that it waited, that the frame took to encode, and the answer
 *
 * Who answers now, by name; null where no worker that is online does.
 * @typedef {{clicker: string | null, words?: string | null, examples?: string | null}} Answering
 */

export {};
