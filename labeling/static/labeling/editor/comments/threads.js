// @ts-check
// Comments as threads: what belongs together, what it is pinned to. Pure.

/**
 * @typedef {object} Comment
 * @property {number} id
 * @property {string} text
 * @property {"task" | "frame" | "point" | "range" | "instance" | "reply"} kind
 * @property {number | null} frame
 * @property {number | null} last_frame of a range, inclusive
 * @property {number | null} x pixels of the frame
 * @property {number | null} y
 * @property {number | null} instance null when its object is gone
 * @property {string} object_hash the object's key; empty for a comment about none
 * @property {number | null} parent
 * @property {{id: number, username: string} | null} author
 * @property {{id: number, username: string}[]} mentions
 * @property {string | null} resolved_at
 * @property {string} created_at
 * @property {string | null} edited_at
 */

/** @typedef {{first: Comment, replies: Comment[]}} Thread */
/**
 * Where a new comment goes.
 * @typedef {object} Place
 * @property {"task" | "frame" | "point" | "range" | "instance"} kind
 * @property {number} [frame]
 * @property {number} [last_frame]
 * @property {number} [x]
 * @property {number} [y]
 * @property {number} [instance]
 */

/**
 * Threads by their first comments, open ones before resolved ones, then by frame and age.
 * @param {Comment[]} comments
 * @returns {Thread[]}
 */
export function threadsOf(comments) {
  const threads = comments
    .filter((one) => one.parent === null)
    .map((first) => ({
      first,
      replies: comments.filter((one) => one.parent === first.id).sort((a, b) => a.id - b.id),
    }));
  const settled = (/** @type {Thread} */ one) => Number(one.first.resolved_at !== null);
  const where = (/** @type {Thread} */ one) => one.first.frame ?? -1;
  return threads.sort((a, b) => settled(a) - settled(b) || where(a) - where(b) || a.first.id - b.first.id);
}

/**
 * What a comment is pinned to, in words.
 * @param {{kind: string, frame?: number | null, last_frame?: number | null}} place
 * @param {string} object the name of the object that it is about
 */
export function placeName({ kind, frame, last_frame: last }, object) {
  if (kind === "task") return "The task";
  if (kind === "range") return `Frames ${frame} to ${last}`;
  const on = frame === null || frame === undefined ? "" : ` on frame ${frame}`;
  if (kind === "instance") return `${object}${on}`;
  return kind === "point" ? `A point${on}` : `Frame ${frame}`;
}

/**
 * The text in pieces; those that mention one of the people say so.
 * @param {string} text
 * @param {{username: string}[]} people
 * @returns {{text: string, mention: boolean}[]}
 */
export function mentionsIn(text, people) {
  const names = people.map((one) => one.username).sort((a, b) => b.length - a.length);
  if (!names.length) return [{ text, mention: false }];
  const pattern = new RegExp(`((?<![\\w.@+-])@(?:${names.map(escaped).join("|")})(?![\\w]))`);
  return text
    .split(pattern)
    .map((piece, index) => ({ text: piece, mention: index % 2 === 1 }))
    .filter((piece) => piece.text);
}

/** @param {string} name */
function escaped(name) {
  return name.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
}

/**
 * The frames that open threads are about, each once.
 * @param {Thread[]} threads
 * @returns {number[]}
 */
export function framesOf(threads) {
  const frames = threads.flatMap(({ first }) => (first.frame === null || first.resolved_at ? [] : [first.frame]));
  return [...new Set(frames)].sort((a, b) => a - b);
}
