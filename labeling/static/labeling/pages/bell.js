// @ts-check
// The bell in the pages' navigation.

import { Bell } from "../shared/bell.js";
import { watch } from "../shared/events.js";

const place = document.querySelector("[data-bell]");
if (place instanceof HTMLElement) {
  const bell = new Bell(place);
  // A page that follows a project has its stream already; others hear of all projects.
  watch(null, (event) => bell.heard(event));
}
