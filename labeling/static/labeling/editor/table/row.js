// @ts-check
// One row of the table: its cells are made once and changed where they say something else.

import { make, swatch } from "../../shared/dom.js";
import { icon, SHAPE_ICONS } from "../../shared/icons.js";
import { MADE_WORDS, SHAPE_WORDS } from "./facts.js";

/** @typedef {import("./facts.js").Row} Row */
/** @typedef {import("../../shared/icons.js").IconName} IconName */

/** @type {Record<import("./facts.js").Here, IconName | null>} */
const HERE_ICONS = {
  drawn: "drawn", prompted: "wand", detected: "sparkles", tracked: "tracked", interpolated: "interpolate", imported: "paste", absent: "absent", none: null,
};
/** @type {Record<import("../timeline/track.js").Code, IconName>} */
const MADE_ICONS = { h: "drawn", t: "tracked", d: "sparkles", i: "interpolate", m: "paste" };
/** @type {Record<import("./facts.js").Review, IconName | null>} */
const REVIEW_ICONS = { accepted: "check", rejected: "cross", partly: "check", unreviewed: null };

export class TableRow {
  /** @param {Row} row */
  constructor(row) {
    this.eye = this.button("hide");
    this.lock = this.button("lock");
    this.more = this.button("menu");
    this.more.append(icon("dots"));
    this.name = make("span", { class: "object-name" });
    this.swatch = make("span", { class: "object-swatch" });
    /** @type {Record<"shape" | "here" | "score" | "made" | "review" | "frames", HTMLTableCellElement>} */
    this.cells = {
      shape: make("td", { class: "object-shape" }), here: make("td", { class: "object-here" }), score: make("td", { class: "number" }),
      made: make("td", { class: "object-made muted" }), review: make("td", { class: "object-review" }), frames: make("td", { class: "object-frames number muted" }),
    };
    const { shape, here, score, made, review, frames } = this.cells;
    this.element = make(
      "tr", { tabindex: "-1", "data-key": row.key },
      make("td", { class: "object-eye" }, this.eye), make("td", { class: "object-lock" }, this.lock),
      make("th", { scope: "row", class: "object-head" }, make("span", { class: "object-title" }, this.swatch, this.name)),
      here, score, review, shape, made, frames, make("td", { class: "object-more" }, this.more),
    );
    /** @type {Partial<Row>} what it says now */
    this.said = {};
    this.fill(row);
  }

  /** @param {string} does */
  button(does) {
    return make("button", { type: "button", class: "quiet icon small", tabindex: "-1", "data-do": does });
  }

  /** @param {Row} row */
  fill(row) {
    const { said } = this;
    this.said = row;
    const differs = (/** @type {(keyof Row)[]} */ ...names) => names.some((name) => String(said[name]) !== String(row[name]) || !(name in said));
    if (differs("name", "color")) this.fillName(row);
    if (differs("hidden", "name")) fillToggle(this.eye, row.hidden, row.hidden ? "eye-off" : "eye", `Hide ${row.name}`);
    if (differs("locked", "name")) fillToggle(this.lock, row.locked, row.locked ? "lock" : "unlock", `Lock ${row.name}`);
    if (differs("shape")) fill(this.cells.shape, SHAPE_ICONS[row.shape], SHAPE_WORDS[row.shape], true);
    if (differs("here")) fill(this.cells.here, HERE_ICONS[row.here], row.here === "none" ? "–" : row.here);
    if (differs("score")) this.cells.score.textContent = row.score === null ? "" : row.score.toFixed(2);
    if (differs("made")) this.fillMade(row);
    if (differs("review")) fill(this.cells.review, REVIEW_ICONS[row.review], row.review === "unreviewed" ? "" : row.review, true);
    this.cells.review.dataset["review"] = row.review;
    if (differs("first", "last", "count", "working")) this.fillFrames(row);
    this.element.classList.toggle("is-hidden", row.hidden);
    this.element.classList.toggle("is-elsewhere", row.here === "none" || row.here === "absent");
  }

  /** @param {Row} row */
  fillName(row) {
    this.name.replaceChildren(...nameParts(row.name));
    this.name.title = row.name;
    this.swatch.replaceChildren(swatch(row.color));
    this.more.setAttribute("aria-label", `Menu of ${row.name}`);
    this.more.setAttribute("aria-haspopup", "menu");
    this.more.title = "More";
  }

  /** Who made its labels; words give way to icons where there is little room. @param {Row} row */
  fillMade({ made }) {
    const words = made.map((code) => MADE_WORDS[code]).join(", ");
    this.cells.made.title = words;
    this.cells.made.replaceChildren(make("span", { class: "roomy" }, words), make("span", { class: "narrow" }, ...made.map((code) => icon(MADE_ICONS[code]))));
  }

  /** @param {Row} row */
  fillFrames({ first, last, count, working }) {
    this.cells.frames.classList.toggle("is-working", working !== "");
    if (working) {
      this.cells.frames.title = working;
      this.cells.frames.replaceChildren(working.replace(/^Tracking |^Interpolating /, ""));
      return;
    }
    const where = count ? `${first}–${last}` : "none";
    this.cells.frames.title = count ? `${where}, ${count} labels` : "No label on any frame";
    this.cells.frames.replaceChildren(where, ...(count ? [make("span", { class: "roomy" }, ` (${count})`)] : []));
  }

  /** @param {number} index from 0 @param {boolean} selected @param {boolean} active it holds the one tab stop */
  place(index, selected, active) {
    const { element } = this;
    element.setAttribute("aria-rowindex", String(index + 2));
    element.setAttribute("aria-selected", String(selected));
    element.tabIndex = active ? 0 : -1;
  }
}

/** Where there is no room for all of a name its number is what tells objects apart: the class gives way. @param {string} name */
function nameParts(name) {
  const [, stem = name, number = ""] = /^(.+)( \d+)$/.exec(name) ?? [];
  const first = make("span", { class: "object-stem" }, stem);
  first.style.maxWidth = `calc(100% - ${number.length}ch)`;
  return [first, number];
}

/** @param {HTMLElement} button @param {boolean} pressed @param {IconName} name @param {string} label */
function fillToggle(button, pressed, name, label) {
  button.setAttribute("aria-pressed", String(pressed));
  button.setAttribute("aria-label", label);
  button.title = label;
  button.replaceChildren(icon(name));
}

/** @param {HTMLElement} cell @param {IconName | null} name @param {string} word @param {boolean} [onlyHeard] the icon stands for the word */
function fill(cell, name, word, onlyHeard = false) {
  const look = onlyHeard ? "unseen" : name ? "roomy" : "";
  cell.replaceChildren(...(name ? [icon(name)] : []), make("span", { class: look }, word));
  cell.title = word === "–" ? "No label on this frame" : word;
}
