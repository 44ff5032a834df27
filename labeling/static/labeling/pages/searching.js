// @ts-check
// A field that narrows a list as one types: input[data-search="<name>"], in [data-searched="<name>"] the rows
// with data-words. A section without a row that is left is hidden, too.

/** Show the rows that have all words of the field, and say how many those are. @param {HTMLInputElement} field */
function narrow(field) {
  const name = field.dataset.search ?? "";
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const section of document.querySelectorAll(`[data-searched="${name}"] > *`)) {
    let here = 0;
    for (const row of section.querySelectorAll("[data-words]")) {
      const told = row.getAttribute("data-words") ?? "";
      const fits = words.every((word) => told.includes(word));
      if (row instanceof HTMLElement) row.hidden = !fits;
      if (fits) here += 1;
    }
    if (section instanceof HTMLElement) section.hidden = here === 0;
    left += here;
  }
  const count = document.querySelector(`[data-search-count="${name}"]`);
  if (count) count.textContent = words.length === 0 ? "" : left === 1 ? "1 is left" : `${left} are left`;
}

for (const field of document.querySelectorAll("input[data-search]")) {
  if (!(field instanceof HTMLInputElement)) continue;
  field.addEventListener("input", () => narrow(field));
  // The browser fills fields in again when one comes back to a page.
  if (field.value) narrow(field);
}
