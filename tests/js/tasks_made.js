// A task as the model's tests need one: no page, no server.

import { Outbox } from "../../labeling/static/labeling/editor/model/outbox.js";
import { MemoryShelf } from "../../labeling/static/labeling/editor/model/shelf.js";
import { Store } from "../../labeling/static/labeling/editor/model/store.js";

export const CAR = "carcarca";
export const BUS = "busbusbu";
export const ME = 7;

/** What the store tells of, by topic. */
export function benchMade() {
  const told = [];
  return {
    told,
    facts: { user: { id: ME, name: "ana" }, first: 0, last: 999 },
    classes: new Map([[1, { name: "Car" }], [2, { name: "Bus" }]]),
    tell: (topic, detail) => told.push({ topic, detail }),
  };
}

export function instanceMade(key, id, { object_class = 1, number = id, labelled = { first: null, last: null, count: 0 } } = {}) {
  return { key, id, object_class, number, name: `${object_class === 1 ? "Car" : "Bus"} ${number}`, version: 1, labelled };
}

export function box(left, top = 10) {
  return { left, top, width: 20, height: 10 };
}

export function labelMade(instance, frame, shape, { version = 1, seq = 1, ...more } = {}) {
  return {
    instance, frame, shape, provenance: "tracked", confidence: 0.9, protected: false, version, seq,
    z_order: 0, occluded: false, job: null, author: null, review: "unreviewed", ...more,
  };
}

/** A store with two objects; the car has boxes on frames 0 to 9, the bus on 5. */
export function storeMade() {
  const bench = benchMade();
  const store = new Store(bench);
  store.setInstances([
    instanceMade(CAR, 1, { labelled: { first: 0, last: 9, count: 10 } }),
    instanceMade(BUS, 2, { object_class: 2, labelled: { first: 5, last: 5, count: 1 } }),
  ]);
  const cars = Array.from({ length: 10 }, (_, frame) => labelMade(CAR, frame, box(frame)));
  store.keepWindow(0);
  store.replace(0, 63, [...cars, labelMade(BUS, 5, box(50))]);
  bench.told.length = 0;
  return { bench, store };
}

export function outboxMade(shelf = new MemoryShelf()) {
  return new Outbox(Promise.resolve(shelf));
}

export function rowMade(id, operations, more = {}) {
  return { id, kind: "edit", key: id, title: id, operations, at: 0, tab: "here", attempted: false, ...more };
}

export function put(instance, frame, left, more = {}) {
  return { op: "label.put", instance, frame, shape: box(left), ...more };
}

/** A refusal as the API's door throws it. */
export function refusal(status, code = "refused", details = {}) {
  return Object.assign(new Error(`${status} ${code}`), { status, code, details });
}
