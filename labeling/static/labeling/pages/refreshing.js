// @ts-check
// Having htmx fetch a part of a page anew, so that no wish for it is lost: one that comes while the part
// is being fetched would be forgotten with the element that the answer replaces.

/** @typedef {CustomEvent<{target?: Element, successful?: boolean}>} HtmxEvent */

export class Refreshing {
  /** @param {string} id of the part, which fetches itself on the event `refresh` */
  constructor(id) {
    this.id = id;
    this.fetching = false;
    this.stale = false;
    document.addEventListener("htmx:beforeRequest", (event) => this.isOurs(event) && this.begin());
    // Only now does the element that came listen; one that did not come leaves the old one.
    document.addEventListener("htmx:afterSettle", (event) => this.isOurs(event) && this.end());
    document.addEventListener("htmx:afterRequest", (event) => this.isOurs(event) && hasFailed(event) && this.end());
  }

  /** Fetch the part anew, after the fetch that is under way if there is one. */
  ask() {
    this.stale = true;
    if (!this.fetching) document.getElementById(this.id)?.dispatchEvent(new CustomEvent("refresh"));
  }

  /** @param {Event} event */
  isOurs(event) {
    // Not its `elt`: after the request that is what the part was in.
    return /** @type {HtmxEvent} */ (event).detail.target?.id === this.id;
  }

  begin() {
    this.fetching = true;
    this.stale = false;
  }

  end() {
    this.fetching = false;
    if (this.stale) this.ask();
  }
}

/** @param {Event} event */
function hasFailed(event) {
  return !(/** @type {HtmxEvent} */ (event).detail.successful);
}
