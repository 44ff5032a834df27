// @ts-check
// The table of objects: the accessible twin of the canvas.

import { make } from "../../shared/dom.js";
import { Bar } from "./bar.js";
import { columnNames, filterLine } from "./head.js";
import { offerObjects, turn } from "./objects.js";
import { Order } from "./order.js";
import { Picking } from "./picking.js";
import { Rows, ROW } from "./rows.js";

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Key} Key */

/** @param {Bench} bench @param {HTMLElement} place */
export function showTable(bench, place) {
  offerObjects(bench);
  new Table(bench, place);
}

class Table {
  /** @param {Bench} bench @param {HTMLElement} place */
  constructor(bench, place) {
    this.bench = bench;
    this.order = new Order(bench);
    this.picking = new Picking(bench);
    this.filter = filterLine(this.order);
    this.names = columnNames(this.order);
    this.bar = new Bar(bench);
    this.nothing = make("p", { class: "small muted object-none" });
    this.scroller = make("div", { class: "object-scroll", tabindex: "-1" });
    this.rows = new Rows(bench, this.scroller);
    this.table = make("table", { class: "object-table", id: "object-table", role: "grid", "aria-label": "Objects", "aria-multiselectable": "true" }, this.names.element, this.rows.body);
    this.scroller.append(this.table, this.nothing);
    place.append(this.filter.element, this.scroller, this.bar.element);
    this.wanted = 0;
    this.stale = true;
    /** @type {Key | null} */
    this.seen = null;
    this.listen();
    this.soon(true);
  }

  listen() {
    const { bench, scroller, rows } = this;
    bench.on(["instances", "visible", "tracks"], () => this.soon(true));
    bench.on(["labels", "reviews", "shown"], () => this.soon(this.order.ofFrame));
    bench.on(["selection", "order", "preferences", "range", "jobs"], () => this.soon(false));
    scroller.addEventListener("scroll", () => this.soon(false), { passive: true });
    new ResizeObserver(() => this.soon(false)).observe(scroller);
    rows.body.addEventListener("click", (event) => this.click(event));
    rows.body.addEventListener("dblclick", (event) => this.double(event));
    rows.body.addEventListener("contextmenu", (event) => this.context(event));
    scroller.addEventListener("keydown", (event) => this.key(event));
    this.filter.field.addEventListener("keydown", (event) => this.filterKey(event));
  }

  /** Show all anew before the next picture. @param {boolean} reorder what is shown may be others, or in another order */
  soon(reorder) {
    this.stale ||= reorder;
    this.wanted ||= requestAnimationFrame(() => {
      this.wanted = 0;
      this.show();
    });
  }

  show() {
    const { bench } = this;
    if (this.stale) this.order.renew();
    this.stale = false;
    const [count, all] = [bench.tableOrder.length, bench.store.instances.size];
    this.table.setAttribute("aria-rowcount", String(count + 1));
    const counted = count === all ? String(all) : `${count} of ${all}`;
    if (this.filter.count.textContent !== counted) this.filter.count.textContent = counted;
    this.nothing.hidden = count > 0;
    this.nothing.textContent = all ? "No object fits the filter." : bench.facts.mayEdit ? "Choose a class and draw around an object." : "Nothing is labelled yet.";
    this.names.show();
    const primary = bench.primary?.key ?? null;
    const moved = primary !== null && primary !== this.seen;
    this.seen = primary;
    if (moved) this.rows.show(primary, this.rows.body.contains(document.activeElement));
    this.rows.render();
    this.bar.show();
  }

  /** @param {Event} event @returns {Key | null} */
  keyOf({ target }) {
    return target instanceof Element ? (target.closest("[data-key]")?.getAttribute("data-key") ?? null) : null;
  }

  /** @param {MouseEvent} event */
  click(event) {
    const key = this.keyOf(event);
    if (key === null || !(event.target instanceof Element)) return;
    const button = event.target.closest("[data-do]");
    const does = button?.getAttribute("data-do");
    if (does === "menu") this.openMenu(key, /** @type {HTMLElement} */ (button));
    else if (does) this.turn(key, does === "hide" ? this.bench.hidden : this.bench.locked);
    else {
      this.picking.by(key, event);
      this.rows.show(key, true);
    }
  }

  /** The eye or the lock of a row that is selected with others is that of them all. @param {Key} key @param {Set<Key>} set */
  turn(key, set) {
    const { selection } = this.bench;
    const keys = selection.has(key) ? [...selection] : [key];
    // All become what this row becomes.
    turn(this.bench, set, keys.filter((one) => set.has(one) === set.has(key)));
  }

  /** @param {MouseEvent} event */
  double(event) {
    const key = this.keyOf(event);
    if (key !== null && !(event.target instanceof Element && event.target.closest("button"))) this.goTo(key);
  }

  /** Look at an object: on this frame, else on the first that shows it. @param {Key} key */
  goTo(key) {
    const { bench } = this;
    const zoom = () => void (bench.actions.available("view.selection") === true && bench.actions.run("view.selection"));
    const first = bench.store.instances.get(key)?.labelled.first ?? null;
    if (bench.store.label(key, bench.shown)?.shape || first === null) {
      zoom();
      return;
    }
    bench.go(first);
    Promise.all([bench.sync.need(first), this.shown(first)]).then(zoom, () => {});
  }

  /** Resolves when the picture of the frame is drawn; never when another frame is wanted before. @param {number} frame @returns {Promise<void>} */
  shown(frame) {
    const { bench } = this;
    return new Promise((resolve) => {
      const look = () => {
        if (bench.shown !== frame && bench.frame === frame) return;
        bench.removeEventListener("shown", look);
        if (bench.shown === frame) resolve();
      };
      bench.addEventListener("shown", look);
      look();
    });
  }

  /** @param {MouseEvent} event */
  context(event) {
    const key = this.keyOf(event);
    if (key === null) return;
    event.preventDefault();
    this.rows.show(key, true);
    const back = this.rows.activeElement;
    this.say({ x: event.clientX, y: event.clientY, key, ...(back ? { back } : {}) });
  }

  /** @param {Key} key @param {HTMLElement} at */
  openMenu(key, at) {
    const box = at.getBoundingClientRect();
    this.say({ x: box.left, y: box.bottom, key, back: at });
  }

  /** @param {import("../actions/menu.js").MenuDetail} detail */
  say(detail) {
    this.bench.dispatchEvent(new CustomEvent("menu", { detail }));
  }

  /** Down from the filter goes to the rows, Enter selects all that fit. @param {KeyboardEvent} event */
  filterKey(event) {
    const [first] = this.bench.tableOrder;
    if (event.code === "ArrowDown" && first !== undefined) this.rows.show(this.rows.active ?? first, true);
    else if (event.code === "Enter") {
      this.filter.apply();
      this.bench.select(this.bench.tableOrder);
    } else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { active } = this.rows;
    if (active === null || event.altKey || !(event.target instanceof Element) || event.target.closest("thead")) return;
    if (this.within(event, event.target)) return;
    const order = this.bench.tableOrder;
    const at = order.indexOf(active);
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 1);
    const by = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: order.length - 1 }[event.code];
    if (by !== undefined) {
      const key = order[Math.min(Math.max(by, 0), order.length - 1)] ?? active;
      if (event.shiftKey) this.picking.upTo(key);
      else if (!event.ctrlKey && !event.metaKey) this.picking.only(key);
      this.rows.show(key, true);
    } else if (event.code === "Space") this.picking.too(active);
    else if (event.code === "Enter" && !event.shiftKey) this.goTo(active);
    else return;
    event.preventDefault();
  }

  /** Right and left walk through the buttons of a row and back to it. @param {KeyboardEvent} event @param {Element} target */
  within(event, target) {
    const button = target.closest("button");
    if (button && (event.code === "Space" || event.code === "Enter")) return true;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
    const row = this.rows.activeElement;
    if (by === undefined || !row || event.shiftKey || event.ctrlKey || event.metaKey) return false;
    /** @type {HTMLElement[]} */
    const stops = [row, ...row.querySelectorAll("button")];
    const at = stops.indexOf(button ?? row);
    stops[at + by]?.focus();
    event.preventDefault();
    return true;
  }
}
