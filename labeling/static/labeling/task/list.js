// @ts-check
// The table of objects: what there is, how it is labelled on this frame, what is selected.

import { byId, make, swatch } from "../shared/dom.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./labels.js").Labels} Labels */
/** @typedef {import("./types.js").Instance} Instance */
/** @typedef {import("./types.js").Label} Label */

const REVIEWS = { accepted: "✓", rejected: "✕" };

/**
 * @param {Bench} bench
 * @param {Labels} labels
 */
export function showList(bench, labels) {
  const body = byId("object-rows");
  const here = /** @type {HTMLInputElement} */ (byId("only-here"));
  let wanted = 0;
  const soon = () => {
    wanted ||= requestAnimationFrame(() => {
      wanted = 0;
      fill(bench, labels, body, here.checked);
    });
  };
  bench.on(["labels", "instances", "selection", "shown"], soon);
  here.addEventListener("change", soon);
  body.addEventListener("click", (event) => clicked(bench, event));
  body.addEventListener("keydown", (event) => walked(body, event));
}

/**
 * @param {Bench} bench
 * @param {Labels} labels
 * @param {HTMLElement} body
 * @param {boolean} onlyHere
 */
function fill(bench, labels, body, onlyHere) {
  const focused = document.activeElement?.closest("[data-instance]")?.getAttribute("data-instance");
  const rows = [...bench.instances.values()].filter((one) => !onlyHere || labels.get(one.id, bench.shown));
  rows.sort((a, b) => a.number - b.number);
  body.replaceChildren(...rows.map((one) => row(bench, one, labels.get(one.id, bench.shown))));
  byId("object-count").textContent = String(bench.instances.size);
  byId("no-objects").hidden = rows.length > 0;
  byId("no-objects").textContent = bench.instances.size ? "None on this frame." : nothing(bench);
  if (focused) /** @type {HTMLElement | null} */ (body.querySelector(`[data-instance="${focused}"] button`))?.focus();
}

/** @param {Bench} bench */
function nothing(bench) {
  return bench.facts.mayEdit ? "Choose a class and draw a box around an object." : "Nothing is labelled yet.";
}

/**
 * @param {Bench} bench
 * @param {Instance} instance
 * @param {Label | undefined} label
 */
function row(bench, instance, label) {
  const selected = bench.selection.has(instance.id);
  const box = make("input", { type: "checkbox", "aria-label": `Select ${instance.name} too` });
  box.checked = selected;
  const name = make("button", { type: "button", class: "quiet", "aria-pressed": String(selected) });
  name.append(swatch(bench.classOf(instance).color), make("span", {}, instance.name));
  return make(
    "tr",
    { "data-instance": String(instance.id), class: selected ? "selected" : "" },
    make("td", {}, box),
    make("td", {}, name),
    make("td", { class: "small" }, ...onFrame(label)),
    make("td", { class: "small number" }, label?.shape && !label.protected ? label.confidence.toFixed(2) : ""),
  );
}

/**
 * @param {Label | undefined} label
 * @returns {(Node | string)[]}
 */
function onFrame(label) {
  if (!label) return [make("span", { class: "muted" }, "–")];
  const review = REVIEWS[/** @type {keyof typeof REVIEWS} */ (label.review)];
  const tone = label.review === "accepted" ? "good" : "bad";
  const how = make("span", {}, label.shape ? label.provenance : "absent");
  if (!review) return [how];
  const said = make("span", { class: "unseen" }, ` ${label.review}`);
  return [how, " ", make("span", { class: `tag ${tone}`, title: label.review }, review, said)];
}

/**
 * @param {Bench} bench
 * @param {MouseEvent} event
 */
function clicked(bench, event) {
  if (!(event.target instanceof Element)) return;
  const id = Number(event.target.closest("[data-instance]")?.getAttribute("data-instance"));
  if (!id) return;
  if (event.target.matches("input") || event.shiftKey) bench.toggle(id);
  else if (event.target.closest("button")) bench.select([id]);
}

/**
 * Up and down walk through the rows.
 * @param {HTMLElement} body
 * @param {KeyboardEvent} event
 */
function walked(body, event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (!by) return;
  const buttons = [...body.querySelectorAll("button")];
  const at = buttons.findIndex((one) => one === document.activeElement);
  const next = buttons[at + by];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
