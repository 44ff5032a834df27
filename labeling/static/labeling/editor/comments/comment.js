// @ts-check
// One comment of a thread: its words, edited and deleted by who wrote them and by managers.

import { make } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { suggestMembers } from "./mentions.js";
import { mentionsIn } from "./threads.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("./discussion.js").Discussion} Discussion */
/** @typedef {import("./threads.js").Comment} Comment */

/** The server takes no longer ones. */
export const TEXT_MAX = "4000";

/**
 * @param {Bench} bench
 * @param {Discussion} discussion
 * @param {Comment} comment
 */
export function commentElement(bench, discussion, comment) {
  const { facts } = bench;
  const time = make("time", { datetime: comment.created_at, class: "muted small" }, new Date(comment.created_at).toLocaleString());
  const edited = comment.edited_at ? [make("span", { class: "muted small" }, "edited")] : [];
  const head = make("div", { class: "bar" }, make("strong", {}, comment.author?.username ?? "somebody"), time, ...edited);
  const mine = comment.author?.id === facts.user.id || facts.role === "manager";
  const written = discussion.edits.get(comment.id);
  if (facts.mayComment && mine && written === undefined) head.append(editButton(discussion, comment), removeButton(discussion, comment));
  const body = written === undefined ? words(comment) : editForm(bench, discussion, comment, written);
  return make("div", { class: "comment", "data-comment": String(comment.id) }, head, body);
}

/** @param {Comment} comment */
function words({ text, mentions }) {
  const pieces = mentionsIn(text, mentions);
  return make("p", { class: "text" }, ...pieces.map((one) => (one.mention ? make("b", { class: "mention" }, one.text) : one.text)));
}

/** @param {Discussion} discussion @param {Comment} comment */
function editButton(discussion, comment) {
  const button = make("button", { type: "button", class: "small quiet icon", "aria-label": "Edit the comment", title: "Edit the comment" }, icon("edit"));
  button.addEventListener("click", () => {
    discussion.beginEdit(comment);
    /** @type {HTMLTextAreaElement | null} */ (document.querySelector(`[data-comment="${comment.id}"] textarea`))?.focus();
  });
  return button;
}

/**
 * What is written and not saved stays while the threads are read anew.
 * @param {Bench} bench
 * @param {Discussion} discussion
 * @param {Comment} comment
 * @param {string} written
 */
function editForm(bench, discussion, comment, written) {
  const field = make("textarea", { "aria-label": "Text of the comment", maxlength: TEXT_MAX, rows: "3" });
  field.value = written;
  field.addEventListener("input", () => discussion.edits.set(comment.id, field.value));
  const cancel = make("button", { type: "button", class: "small quiet" }, "Cancel");
  cancel.addEventListener("click", () => discussion.endEdit(comment));
  const form = make(
    "form", { class: "stack tight" }, make("div", { class: "writing" }, field, suggestMembers(field, bench.facts.members)),
    make("div", { class: "actions" }, make("button", { type: "submit", class: "small primary" }, "Save"), cancel),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text && (text === comment.text || (await discussion.change(comment, { text })))) discussion.endEdit(comment);
  });
  return form;
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
