// @ts-check
// What the rooms of the editor share: where we are, what is selected, and word of what changed.

/** @typedef {import("./types.js").Facts} Facts */
/** @typedef {import("./types.js").Key} Key */
/** @typedef {import("./types.js").Instance} Instance */
/** @typedef {import("./types.js").ObjectClass} ObjectClass */
/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").Tool} Tool */
/** @typedef {import("./types.js").Edit} Edit */
/** @typedef {import("./types.js").Operation} Operation */
/** @typedef {import("./types.js").EditOptions} EditOptions */
/**
 * frame: another one is wanted; shown: its picture is drawn; labels, instances, answers, reviews: the store changed;
 * visible: hidden or locked objects changed; order: the table shows others, or in another order; range: frames chosen on the timeline; playing: it starts or ends;
 * tracks: what the timeline shows of the objects changed; marks: pins on its ruler did
 * @typedef {"frame" | "shown" | "labels" | "instances" | "answers" | "reviews" | "selection" | "visible" | "order" | "tool" | "class" | "draft" | "range" | "jobs" | "comments" | "preferences" | "moved" | "playing" | "tracks" | "marks"} Topic
 */

/** The state of the page. `frame` is the one that is wanted, `shown` the one whose picture is drawn. */
export class Bench extends EventTarget {
  /** @param {Facts} facts */
  constructor(facts) {
    super();
    this.facts = facts;
    this.classes = new Map(facts.classes.map((one) => [one.id, one]));
    this.frame = this.clip(Number(new URLSearchParams(location.search).get("frame") ?? facts.first));
    this.shown = this.frame;
    /** Pictures are played: `frame` and `shown` move together, and only "shown" is told. */
    this.playing = false;
    /** @type {Map<string, number[]>} frames with a pin on the timeline's ruler, by what put it there */
    this.marks = new Map();
    /** @type {Set<Key>} the one added last is the one whose details are shown */
    this.selection = new Set();
    /** @type {Set<Key>} not painted, not hit */
    this.hidden = new Set();
    /** @type {Set<Key>} painted, not changed by hand */
    this.locked = new Set();
    /** @type {Key[]} the objects as the table shows them; topic `order` */
    this.tableOrder = [];
    /** @type {Key[]} all objects as the table sorts them, those that its filter leaves out too */
    this.allOrder = [];
    /** @type {number | null} the class that new objects get */
    this.classId = facts.classes.find((one) => !one.archived)?.id ?? null;
    /** @type {Map<string, Tool>} */
    this.tools = new Map();
    /** @type {Tool | null} */
    this.tool = null;
    /** @type {Draft | null} */
    this.draft = null;
    /** @type {import("./types.js").Label | null} somebody else's version of a label in conflict */
    this.ghost = null;
    /** @type {[number, number] | null} frames chosen on the timeline, inclusive */
    this.range = null;

    // The rooms, put in by main.js in this order.
    this.preferences = /** @type {import("./settings/preferences.js").Preferences} */ (/** @type {unknown} */ (null));
    this.actions = /** @type {import("./actions/registry.js").Registry} */ (/** @type {unknown} */ (null));
    this.store = /** @type {import("./model/store.js").Store} */ (/** @type {unknown} */ (null));
    this.editing = /** @type {import("./model/editing.js").Editing} */ (/** @type {unknown} */ (null));
    this.sync = /** @type {import("./model/sync.js").Sync} */ (/** @type {unknown} */ (null));
    this.runs = /** @type {import("./jobs/follow.js").Runs} */ (/** @type {unknown} */ (null));
    this.frames = /** @type {import("./frames/frames.js").Frames} */ (/** @type {unknown} */ (null));
    this.tracks = /** @type {import("./timeline/tracks.js").Tracks} */ (/** @type {unknown} */ (null));
    this.viewport = /** @type {import("./canvas/viewport.js").Viewport} */ (/** @type {unknown} */ (null));
    this.canvas = /** @type {import("./canvas/canvas.js").Canvas} */ (/** @type {unknown} */ (null));
  }

  /** @param {Topic} topic @param {unknown} [detail] */
  tell(topic, detail) {
    this.dispatchEvent(new CustomEvent(topic, { detail }));
  }

  /** @param {Topic[]} topics @param {(event: CustomEvent) => void} listener */
  on(topics, listener) {
    for (const topic of topics) this.addEventListener(topic, /** @type {EventListener} */ (listener));
  }

  /** @param {number} frame */
  clip(frame) {
    const { first, last } = this.facts;
    return Number.isFinite(frame) ? Math.min(Math.max(Math.round(frame), first), last) : first;
  }

  /** @param {number} frame clipped to the task's frames */
  go(frame) {
    const wanted = this.clip(frame);
    if (wanted === this.frame) return;
    this.frame = wanted;
    this.tell("frame");
  }

  /** Width and height of a frame. @param {number} frame @returns {[number, number]} */
  sizeOf(frame) {
    return this.facts.sizes?.[frame] ?? [this.facts.width, this.facts.height];
  }

  /** @param {Iterable<Key>} keys */
  select(keys) {
    this.selection = new Set(keys);
    this.tell("selection");
  }

  /** @param {Key} key */
  toggle(key) {
    if (!this.selection.delete(key)) this.selection.add(key);
    this.tell("selection");
  }

  /** @returns {Instance | null} the instance selected last */
  get primary() {
    const key = [...this.selection].at(-1);
    return key === undefined ? null : (this.store.instances.get(key) ?? null);
  }

  /** @param {{object_class: number}} instance @returns {ObjectClass} */
  classOf({ object_class: id }) {
    return this.classes.get(id) ?? unknownClass(id);
  }

  /** @returns {ObjectClass | null} the class that new objects get */
  get currentClass() {
    return this.classId === null ? null : (this.classes.get(this.classId) ?? null);
  }

  /** @param {number} id */
  useClass(id) {
    const chosen = this.classes.get(id);
    if (!chosen || chosen.archived) return;
    this.classId = id;
    this.tell("class");
  }

  /** @param {string} name */
  use(name) {
    const chosen = this.tools.get(name);
    if (!chosen || chosen === this.tool) return;
    this.tool?.stop?.();
    this.tool = chosen;
    chosen.start?.();
    this.tell("tool");
  }

  /** @param {Draft | null} draft */
  setDraft(draft) {
    this.draft = draft;
    this.tell("draft");
  }

  /** @param {[number, number] | null} range */
  setRange(range) {
    this.range = range && [this.clip(Math.min(...range)), this.clip(Math.max(...range))];
    this.tell("range");
  }

  /** Put pins on the timeline's ruler. @param {string} name what they are, as it is read @param {number[]} frames */
  mark(name, frames) {
    this.marks.set(name, frames);
    this.tell("marks");
  }

  /**
   * Change labels, objects, answers or decisions: shown at once, saved soon, and one step of undo.
   * @param {string} title as undo names it: “Move Car 3”
   * @param {Operation[]} operations
   * @param {EditOptions} [options]
   * @returns {Edit | null} null when this person may only look (and it was said)
   */
  edit(title, operations, options = {}) {
    return this.editing.edit(title, operations, options);
  }

  /**
   * Say something to the person: a line over the stage, read out politely.
   * @param {string} sentence
   * @param {"info" | "warn" | "bad"} [tone]
   */
  say(sentence, tone = "info") {
    this.dispatchEvent(new CustomEvent("say", { detail: { sentence, tone } }));
  }
}

/** A class that the page was not told of. @param {number} id @returns {ObjectClass} */
function unknownClass(id) {
  return { id, name: "Unknown class", color: "#808080", shape: "polygon", archived: true, skeleton: null, attributes: [] };
}
