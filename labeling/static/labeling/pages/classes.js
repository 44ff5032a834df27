// @ts-check
// The rows of classes on the page of a new project: added, left out, hidden when an ontology is chosen.

import { byId } from "../shared/dom.js";

const rows = byId("class-rows");
const template = /** @type {HTMLTemplateElement} */ (byId("class-row"));
const total = /** @type {HTMLInputElement} */ (byId("id_classes-TOTAL_FORMS"));
const add = byId("add-class");
const colors = (add.dataset["colors"] ?? "").split(" ");
const ontology = /** @type {HTMLSelectElement} */ (byId("id_ontology"));

add.addEventListener("click", () => {
  const number = Number(total.value);
  const fresh = document.createElement("template");
  // Our own template with the form's number in it; nothing that people wrote.
  fresh.innerHTML = template.innerHTML.replaceAll("__prefix__", String(number));
  rows.append(fresh.content);
  total.value = String(number + 1);
  const color = rows.querySelector(`#id_classes-${number}-color`);
  if (color instanceof HTMLInputElement) color.value = colors[number % colors.length] ?? "#008080";
  const name = rows.querySelector(`#id_classes-${number}-name`);
  if (name instanceof HTMLElement) name.focus();
});

rows.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-remove]") : null;
  const row = button?.closest(".class-row");
  if (!row) return;
  // The form keeps its number: a row without a name is left out by the server.
  const name = row.querySelector('input[type="text"]');
  if (name instanceof HTMLInputElement) name.value = "";
  if (row instanceof HTMLElement) row.hidden = true;
  add.focus();
});

function showRows() {
  byId("classes").hidden = ontology.value !== "";
}
ontology.addEventListener("change", showRows);
showRows();
