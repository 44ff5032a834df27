// @ts-check
// One thread in the panel: its comments, replying, resolving.

import { make } from "../../shared/dom.js";
import { suggestMembers } from "./mentions.js";
import { mentionsIn, placeName } from "./threads.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./discussion.js").Discussion} Discussion */
/** @typedef {import("./threads.js").Comment} Comment */
/** @typedef {import("./threads.js").Thread} Thread */

/** The server takes no longer ones. */
export const TEXT_MAX = "4000";

/**
 * @param {Bench} bench
 * @param {Discussion} discussion
 * @param {Thread} thread
 */
export function threadElement(bench, discussion, { first, replies }) {
  const name = bench.store.instances.get(first.object_hash)?.name ?? "A deleted object";
  const where = make("button", { type: "button", class: "small quiet where" }, placeName(first, name));
  where.addEventListener("click", () => visit(bench, first));
  const settled = first.resolved_at !== null;
  const resolve = make("button", { type: "button", class: "small" }, settled ? "Reopen" : "Resolve");
  resolve.addEventListener("click", () => discussion.change(first, { resolved: !settled }));
  const article = make(
    "article", { class: `thread${settled ? " resolved" : ""}`, "data-thread": String(first.id), "aria-label": placeName(first, name) },
    make("div", { class: "bar" }, where, ...(settled ? [make("span", { class: "tag good" }, "Resolved")] : []), ...(bench.facts.mayComment ? [resolve] : [])),
    ...[first, ...replies].map((one) => commentElement(bench, discussion, one)),
  );
  if (bench.facts.mayComment && !settled) article.append(replyForm(bench, discussion, first));
  return article;
}

/** Go to where a comment is pinned. @param {Bench} bench @param {Comment} comment */
export function visit(bench, comment) {
  if (comment.frame !== null) bench.go(comment.frame);
  if (comment.kind === "range" && comment.frame !== null) bench.setRange([comment.frame, comment.last_frame ?? comment.frame]);
  if (bench.store.instances.has(comment.object_hash)) bench.select([comment.object_hash]);
}

/**
 * @param {Bench} bench
 * @param {Discussion} discussion
 * @param {Comment} comment
 */
function commentElement(bench, discussion, comment) {
  const time = make("time", { datetime: comment.created_at, class: "muted small" }, new Date(comment.created_at).toLocaleString());
  const edited = comment.edited_at ? [make("span", { class: "muted small" }, "edited")] : [];
  const head = make("div", { class: "bar" }, make("strong", {}, comment.author?.username ?? "somebody"), time, ...edited);
  const pieces = mentionsIn(comment.text, comment.mentions);
  const text = make("p", { class: "text" }, ...pieces.map((one) => (one.mention ? make("b", { class: "mention" }, one.text) : one.text)));
  const mine = comment.author?.id === bench.facts.user.id;
  if (bench.facts.mayComment && (mine || bench.facts.role === "manager")) head.append(removeButton(discussion, comment));
  return make("div", { class: "comment", "data-comment": String(comment.id) }, head, text);
}

/** Words that are gone do not come back: the first click asks, the second one deletes. @param {Discussion} discussion @param {Comment} comment */
function removeButton(discussion, comment) {
  const button = make("button", { type: "button", class: "small quiet", "aria-label": "Delete the comment", title: "Delete the comment" }, "×");
  const ask = (/** @type {boolean} */ asked) => {
    button.textContent = asked ? "Delete?" : "×";
    button.classList.toggle("danger", asked);
    button.setAttribute("aria-label", asked ? "Really delete the comment" : "Delete the comment");
  };
  button.addEventListener("click", () => {
    if (button.textContent === "×") ask(true);
    else discussion.remove(comment);
  });
  button.addEventListener("blur", () => ask(false));
  return button;
}

/** What is written and not sent stays while the threads are read anew. @param {Bench} bench @param {Discussion} discussion @param {Comment} first */
function replyForm(bench, discussion, first) {
  const { drafts } = discussion;
  const field = make("input", { type: "text", "aria-label": "Reply", placeholder: "Reply", maxlength: TEXT_MAX, autocomplete: "off" });
  field.value = drafts.get(first.id) ?? "";
  field.addEventListener("input", () => drafts.set(first.id, field.value));
  const form = make("form", { class: "reply" }, field, make("button", { type: "submit", class: "small" }, "Send"));
  form.append(suggestMembers(field, bench.facts.members));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    drafts.delete(first.id);
    if (!(await discussion.write(text, { parent: first.id }))) drafts.set(first.id, text);
  });
  return form;
}
