// @ts-check
// One thread in the panel: its comments, replying, resolving.

import { make } from "../../shared/dom.js";
import { commentElement, TEXT_MAX } from "./comment.js";
import { suggestMembers } from "./mentions.js";
import { placeName } from "./threads.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./discussion.js").Discussion} Discussion */
/** @typedef {import("./threads.js").Comment} Comment */
/** @typedef {import("./threads.js").Thread} Thread */

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
