// @ts-check
// What the parts of the page share: where we are, what is selected, and word of what changed.

/** @typedef {import("./types.js").Facts} Facts */
/** @typedef {import("./types.js").Instance} Instance */
/** @typedef {import("./types.js").ObjectClass} ObjectClass */
/** @typedef {import("./types.js").BoxShape} BoxShape */
/** @typedef {"frame" | "shown" | "labels" | "instances" | "selection" | "tool" | "draft" | "jobs"} Topic */

const BOXES = new Set(["bounding_box", "rotatable_bounding_box"]);

/** The state of the page. `frame` is the one that is wanted, `shown` the one whose picture is drawn. */
export class Bench extends EventTarget {
  /** @param {Facts} facts */
  constructor(facts) {
    super();
    this.facts = facts;
    this.frame = facts.first;
    // An address may lead to a frame: …/?frame=76
    this.go(Number(new URLSearchParams(location.search).get("frame") ?? facts.first));
    this.shown = this.frame;
    /** @type {Set<number>} ids of instances; the one added last is the one whose details are shown */
    this.selection = new Set();
    /** @type {"select" | "draw"} */
    this.tool = "select";
    /** @type {Map<number, Instance>} */
    this.instances = new Map();
    this.classes = new Map(facts.classes.map((one) => [one.id, one]));
    this.classId = facts.classes.find(drawable)?.id ?? null;
    /** @type {BoxShape | null} */
    this.draft = null;
    /** @type {import("./types.js").Label | null} somebody else's version of a label in conflict */
    this.ghost = null;
  }

  /** @param {Topic} topic */
  tell(topic) {
    this.dispatchEvent(new Event(topic));
  }

  /**
   * @param {Topic[]} topics
   * @param {() => void} listener
   */
  on(topics, listener) {
    for (const topic of topics) this.addEventListener(topic, listener);
  }

  /** @param {number} frame clipped to the task's frames */
  go(frame) {
    const wanted = Math.min(Math.max(Math.round(frame), this.facts.first), this.facts.last);
    if (!Number.isFinite(wanted) || wanted === this.frame) return;
    this.frame = wanted;
    this.tell("frame");
  }

  /** @param {Iterable<number>} ids */
  select(ids) {
    this.selection = new Set(ids);
    this.tell("selection");
  }

  /** @param {number} id */
  toggle(id) {
    if (!this.selection.delete(id)) this.selection.add(id);
    this.tell("selection");
  }

  /** @returns {Instance | null} the instance selected last */
  get primary() {
    const id = [...this.selection].at(-1);
    return id === undefined ? null : (this.instances.get(id) ?? null);
  }

  /**
   * @param {Instance} instance
   * @returns {ObjectClass}
   */
  classOf(instance) {
    return this.classes.get(instance.object_class) ?? unknownClass(instance.object_class);
  }

  /** @param {"select" | "draw"} tool */
  use(tool) {
    this.tool = tool === "draw" && (!this.facts.mayEdit || this.classId === null) ? "select" : tool;
    this.tell("tool");
  }

  /** Draw objects of this class from now on. @param {ObjectClass} chosen */
  useClass(chosen) {
    if (!drawable(chosen)) return;
    this.classId = chosen.id;
    this.selection.clear();
    this.use("draw");
    this.tell("selection");
  }
}

/**
 * Say whether objects of the class can be drawn on this page: it draws boxes, and shows all shapes.
 * @param {ObjectClass} one
 */
export function drawable(one) {
  return BOXES.has(one.shape);
}

/**
 * A class that was archived after the page was opened.
 * @param {number} id
 * @returns {ObjectClass}
 */
function unknownClass(id) {
  return { id, name: "Archived class", color: "#808080", shape: "polygon", edges: [] };
}
