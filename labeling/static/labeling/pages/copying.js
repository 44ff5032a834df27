// @ts-check
// Buttons that copy the text of an element: data-copy="<its id>". What came of it is said beside them.

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  const text = button && document.getElementById(button.getAttribute("data-copy") ?? "");
  if (!button || !text) return;
  let said = "Copied.";
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
  } catch {
    // Pages without TLS may not: then it is marked, for the reader to copy it.
    getSelection()?.selectAllChildren(text);
    said = "Marked: copy it with Ctrl+C.";
  }
  const place = button.parentElement?.querySelector("[data-copied]");
  if (place) place.textContent = said;
});
