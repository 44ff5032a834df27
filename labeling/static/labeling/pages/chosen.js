// @ts-check
// Says on its button how many rows of a table are chosen: forms with data-chosen="<name of the checkboxes>".

/** Write the number of chosen rows on each form's button; none chosen, nothing to press. */
function count() {
  for (const form of document.querySelectorAll("form[data-chosen]")) {
    const name = form.getAttribute("data-chosen");
    const chosen = document.querySelectorAll(`input[name="${name}"]:checked`).length;
    const button = form.querySelector("[data-chosen-button]");
    if (!(button instanceof HTMLButtonElement)) continue;
    button.textContent = chosen ? `Do it to the ${chosen} chosen` : "Do it to the chosen";
    button.disabled = chosen === 0;
  }
}

document.addEventListener("change", count);
document.addEventListener("htmx:afterSettle", count);
count();
