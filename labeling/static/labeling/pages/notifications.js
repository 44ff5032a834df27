// @ts-check
// Whoever follows a notification has read it: said while the next page is loading already.

import { API, csrfToken } from "../shared/api.js";

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("[data-notification]") : null;
  if (!link) return;
  const read = [Number(link.getAttribute("data-notification"))];
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  fetch(`${API}me/notifications/`, { method: "POST", keepalive: true, headers, body: JSON.stringify({ read }) });
});
