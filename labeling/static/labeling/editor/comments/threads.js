// @ts-check
// Comments as threads: what belongs together, what it is pinned to. Pure.

/**
 * @typedef {object} Comment
 * @property {number} id
 * @property {string} text
 * @property {"task" | "frame" | "point" | "range" | "instance"} kind
 * @property {number | null} frame
 * @property {number | null} last_frame of a range, inclusive
 * @property {number | null} x pixels of the frame
 * @property {number | null} y
 * @property {number | null} instance
 * @property {number | null} parent
 * @property {{id: number, username: string} | null} author
 * @property {boolean} resolved
 * @property {string} created_at
 * @property {string | null} edited_at
 */

/** @typedef {{first: Comment, replies: Comment[]}} Thread */
/** @typedef {Pick<Comment, "kind"> & Partial<Pick<Comment, "frame" | "last_frame" | "x" | "y" | "instance">>} Place */

/**
 * Threads by their first comments, open ones before resolved ones, then by frame and age.
 * @param {Comment[]} comments
 * @returns {Thread[]}
 */
export function threadsOf(comments) {
  const firsts = comments.filter((one) => one.parent === null);
  const threads = firsts.map((first) => ({
    first,
    replies: comments.filter((one) => one.parent === first.id).sort((a, b) => a.id - b.id),
  }));
  const where = (/** @type {Thread} */ one) => one.first.frame ?? -1;
  return threads.sort((a, b) => Number(a.first.resolved) - Number(b.first.resolved) || where(a) - where(b) || a.first.id - b.first.id);
}

/**
 * What a comment is pinned to, in words.
 * @param {Place} place
 * @param {(id: number) => string} nameOf the name of an instance
 */
export function placeName(place, nameOf) {
  if (place.kind === "task") return "The task";
  if (place.kind === "range") return `Frames ${place.frame} to ${place.last_frame}`;
  const on = place.frame === null || place.frame === undefined ? "" : ` on frame ${place.frame}`;
  if (place.kind === "instance") return `${nameOf(place.instance ?? 0)}${on}`;
  return place.kind === "point" ? `A point${on}` : `Frame ${place.frame}`;
}

/**
 * The open threads that are seen on a frame: those with a point, or about an object there.
 * @param {Thread[]} threads
 * @param {number} frame
 */
export function pinnedOn(threads, frame) {
  return threads.filter(({ first }) => first.kind === "point" && first.frame === frame && !first.resolved);
}
