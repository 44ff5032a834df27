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

/** @type {Watch | null} the page's only one */
let watching = null;

/**
 * Call `seen` for each event of the project since the page was made. Browsers allow six connections a host, so a
 * page has one stream, that of who asks first, and lets go of it while it is hidden; shown again, it catches up.
 * @param {number | null} project null for whatever the page follows, else for all of one's projects
 * @param {(event: ServerEvent) => void} seen
 */
export function watch(project, seen) {
  if (watching) {
    if (project !== null && project !== watching.project) throw new Error("The page follows another project already.");
    watching.listeners.push(seen);
    return;
  }
  watching = new Watch(project, seen);
  watching.start();
}

/** @returns {number | null} */
function positionOfPage() {
  const told = document.querySelector('meta[name="event-position"]')?.getAttribute("content");
  return told ? Number(told) : null;
}

class Watch {
  /**
   * @param {number | null} project
   * @param {(event: ServerEvent) => void} seen
   */
  constructor(project, seen) {
    this.project = project;
    this.listeners = [seen];
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

  query() {
    const { project, position: after } = this;
    return new URLSearchParams({ ...(project === null ? {} : { project: String(project) }), ...(after === null ? {} : { after: String(after) }) }).toString();
  }

  stream() {
    const source = new EventSource(`${API}events/stream/?${this.query()}`);
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
      const answer = await ask("GET", `events/?${this.query()}`);
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
    // For others: pages follow the feed of their task, which tells them of their own changes apart.
    if (event.kind === "labels.changed") return;
    for (const seen of this.listeners) seen(event);
  }
}
