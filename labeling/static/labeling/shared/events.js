// @ts-check
// What happens in a project, live: one event stream while the page is visible, polling when that fails.

import { API, ask } from "./api.js";

const POLL_MS = 2000;
const FAILURES_MAX = 3;

/**
 * @typedef {object} ServerEvent
 * @property {number} position
 * @property {string} kind
 * @property {number | null} task
 * @property {number | null} job
 * @property {number | null} [media]
 * @property {Record<string, any>} payload
 */

/**
 * Call `seen` for each event of the project since the page was made. Browsers allow six connections a host, so a
 * page that is hidden lets go of its stream, and catches up when it is shown again.
 * @param {number} project
 * @param {(event: ServerEvent) => void} seen
 */
export function watch(project, seen) {
  new Watch(project, seen).start();
}

/** @returns {number | null} */
function positionOfPage() {
  const told = document.querySelector('meta[name="event-position"]')?.getAttribute("content");
  return told ? Number(told) : null;
}

class Watch {
  /**
   * @param {number} project
   * @param {(event: ServerEvent) => void} seen
   */
  constructor(project, seen) {
    this.project = project;
    this.seen = seen;
    /** @type {number | null} the last event seen; the page was made after those up to the first one */
    this.position = positionOfPage();
    /** @type {EventSource | null} */
    this.source = null;
    this.failures = 0;
    /** @type {number | undefined} */
    this.timer = undefined;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.shownOrHidden());
    window.addEventListener("pagehide", () => this.stop());
    window.addEventListener("pageshow", (event) => event.persisted && this.shownOrHidden());
    this.shownOrHidden();
  }

  shownOrHidden() {
    this.stop();
    if (document.visibilityState !== "visible") return;
    if (this.failures < FAILURES_MAX) this.stream();
    else this.poll();
  }

  stop() {
    this.source?.close();
    this.source = null;
    clearTimeout(this.timer);
  }

  stream() {
    const after = this.position === null ? "" : `&after=${this.position}`;
    const source = new EventSource(`${API}events/stream/?project=${this.project}${after}`);
    this.source = source;
    source.onopen = () => (this.failures = 0);
    source.onmessage = (message) => this.take(JSON.parse(message.data));
    source.onerror = () => {
      this.failures += 1;
      // A closed source does not try again by itself; one that keeps failing gives way to polling.
      if (source.readyState === EventSource.CLOSED || this.failures >= FAILURES_MAX) {
        this.stop();
        this.failures = FAILURES_MAX;
        this.timer = setTimeout(() => this.poll(), POLL_MS);
      }
    };
  }

  async poll() {
    try {
      const after = this.position === null ? "" : `&after=${this.position}`;
      const answer = await ask("GET", `events/?project=${this.project}${after}`);
      for (const event of answer.events) this.take(event);
      this.position = answer.position ?? this.position;
    } catch {
      // Asked again below: a server that is away now may be back then.
    }
    clearTimeout(this.timer);
    if (document.visibilityState === "visible") this.timer = setTimeout(() => this.poll(), POLL_MS);
  }

  /** @param {ServerEvent} event */
  take(event) {
    if (this.position !== null && event.position <= this.position) return;
    this.position = event.position;
    this.seen(event);
  }
}
