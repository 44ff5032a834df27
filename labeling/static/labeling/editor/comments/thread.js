// @ts-check
// One thread in the panel: its comments, replying, resolving.

import { make } from "../../shared/dom.js";
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
  const nameOf = (/** @type {number} */ id) => {
    const key = bench.store.keyOf(id);
    return (key === undefined ? undefined : bench.store.instances.get(key)?.name) ?? "A deleted object";
  };
  const where = make("button", { type: "button", class: "small quiet where" }, placeName(first, nameOf));
  where.addEventListener("click", () => visit(bench, first));
  const resolve = make("button", { type: "button", class: "small" }, first.resolved ? "Reopen" : "Resolve");
  resolve.addEventListener("click", () => discussion.change(first, { resolved: !first.resolved }));
  const article = make(
    "article", { class: `thread${first.resolved ? " resolved" : ""}`, "data-thread": String(first.id) },
    make("div", { class: "bar" }, where, ...(bench.facts.mayComment ? [resolve] : [])),
    ...[first, ...replies].map((one) => commentElement(bench, discussion, one)),
  );
  if (bench.facts.mayComment && !first.resolved) article.append(replyForm(discussion, first));
  return article;
}

/** Go to where a comment is pinned. @param {Bench} bench @param {Comment} comment */
export function visit(bench, comment) {
  if (comment.frame !== null) bench.go(comment.frame);
  if (comment.kind === "range" && comment.frame !== null) bench.setRange([comment.frame, comment.last_frame ?? comment.frame]);
  const key = comment.instance === null ? undefined : bench.store.keyOf(comment.instance);
  if (key !== undefined) bench.select([key]);
}

/**
 * @param {Bench} bench
 * @param {Discussion} discussion
 * @param {Comment} comment
 */
function commentElement(bench, discussion, comment) {
  const time = make("time", { datetime: comment.created_at, class: "muted small" }, new Date(comment.created_at).toLocaleString());
  const edited = comment.edited_at ? [make("span", { class: "muted small" }, " edited")] : [];
  const head = make("div", { class: "bar" }, make("strong", {}, comment.author?.username ?? "somebody"), time, ...edited);
  const text = make("p", { class: "text" }, ...marked(comment.text, bench.facts.members.map((one) => one.name)));
  const element = make("div", { class: "comment" }, head, text);
  const mine = comment.author?.id === bench.facts.user.id;
  if (mine || bench.facts.role === "manager") head.append(removeButton(discussion, comment));
  return element;
}

/** @param {Discussion} discussion @param {Comment} comment */
function removeButton(discussion, comment) {
  const button = make("button", { type: "button", class: "small quiet icon", "aria-label": "Delete the comment", title: "Delete the comment" }, "×");
  button.addEventListener("click", () => discussion.remove(comment));
  return button;
}

/**
 * The text with the names of members that it mentions set off.
 * @param {string} text
 * @param {string[]} names
 */
function marked(text, names) {
  return text.split(/(@[\w.+-]+)/).map((piece) => {
    const name = piece.startsWith("@") ? names.find((one) => piece.slice(1) === one) : undefined;
    return name === undefined ? document.createTextNode(piece) : make("b", { class: "mention" }, piece);
  });
}

/** @param {Discussion} discussion @param {Comment} first */
function replyForm(discussion, first) {
  const field = make("input", { type: "text", "aria-label": "Reply", placeholder: "Reply", maxlength: "5000", list: "mentions" });
  const form = make("form", { class: "reply" }, field, make("button", { type: "submit", class: "small" }, "Send"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text && (await discussion.write(text, { parent: first.id }))) field.value = "";
  });
  return form;
}
