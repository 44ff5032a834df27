// Chords as they are matched and written, and the one table of actions.
import assert from "node:assert/strict";
import test from "node:test";

import { chordOf, chordText, normal, refusalOf } from "../../labeling/static/labeling/editor/actions/chords.js";
import { Registry } from "../../labeling/static/labeling/editor/actions/registry.js";

const PC = { mac: false };
const MAC = { mac: true };

function pressed(code, ...held) {
  return { code, ctrlKey: held.includes("ctrl"), metaKey: held.includes("meta"), altKey: held.includes("alt"), shiftKey: held.includes("shift") };
}

function bench(keys = {}) {
  const said = [];
  return { said, say: (sentence, tone) => said.push([sentence, tone]), preferences: { get: () => keys } };
}

function action(id, more = {}) {
  return { id, title: id, group: "Objects", run: () => {}, ...more };
}

test("a chord names its modifiers in one order, whatever order they were written in", () => {
  assert.equal(normal("Shift+Alt+KeyT"), normal("Alt+Shift+KeyT"));
  assert.equal(normal("Shift+Mod+KeyZ"), "Mod+Shift+KeyZ");
  assert.equal(normal("KeyD"), "KeyD");
});

test("Mod is Ctrl, and Cmd on a Mac; the other one is nobody's", () => {
  assert.equal(chordOf(pressed("KeyZ", "ctrl"), PC), "Mod+KeyZ");
  assert.equal(chordOf(pressed("KeyZ", "meta"), PC), null);
  assert.equal(chordOf(pressed("KeyZ", "meta", "shift"), MAC), "Mod+Shift+KeyZ");
  assert.equal(chordOf(pressed("KeyZ", "ctrl"), MAC), null);
});

test("a modifier alone is no chord", () => {
  assert.equal(chordOf(pressed("ShiftLeft", "shift"), PC), null);
  assert.equal(chordOf(pressed("MetaRight", "meta"), MAC), null);
});

test("chords are written as the platform writes them", () => {
  assert.equal(chordText("Mod+Shift+KeyZ", PC), "Ctrl+Shift+Z");
  assert.equal(chordText("Mod+Shift+KeyZ", MAC), "⇧⌘Z");
  assert.equal(chordText("Shift+Alt+KeyT", MAC), "⌥⇧T");
  assert.equal(chordText("Digit3", PC), "3");
  assert.equal(chordText("BracketLeft", PC), "[");
  assert.equal(chordText("Shift+Slash", PC), "?");
  assert.equal(chordText("ArrowUp", PC), "↑");
});

test("a letter is the one that this keyboard types there", () => {
  const layout = new Map([["KeyZ", "w"], ["Semicolon", "m"]]);
  assert.equal(chordText("Mod+KeyZ", { mac: false, layout }), "Ctrl+W");
  assert.equal(chordText("Semicolon", { mac: false, layout }), "M");
  assert.equal(chordText("Digit1", { mac: false, layout }), "1");
});

test("keys that the browser or the page needs are refused", () => {
  assert.match(refusalOf("Mod+KeyW"), /browser keeps/);
  assert.match(refusalOf("Shift+Tab"), /everywhere/);
  assert.equal(refusalOf("Mod+KeyD"), "");
});

test("an action is run, refused with its reason, or not meant", () => {
  const page = bench();
  const registry = new Registry(page);
  let runs = 0;
  registry.add(
    action("a", { run: () => (runs += 1) }),
    action("b", { when: () => "Select an object.", run: () => (runs += 100) }),
    action("c", { when: () => false, run: () => (runs += 100) }),
  );
  assert.equal(registry.run("a"), true);
  assert.equal(registry.run("b"), true);
  assert.equal(registry.run("c"), false);
  assert.equal(runs, 1);
  assert.deepEqual(page.said, [["Select an object.", "warn"]]);
});

test("two actions of one id are a fault", () => {
  const registry = new Registry(bench());
  registry.add(action("a"));
  assert.throws(() => registry.add(action("a")), /already/);
});

test("a failure of an action is said", async () => {
  const page = bench();
  const registry = new Registry(page);
  registry.add(action("a", { run: async () => { throw Object.assign(new Error("The server does not answer."), { status: 0 }); } }));
  registry.run("a");
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(page.said, [["The server does not answer.", "bad"]]);
});

test("menus leave out what means nothing and keep the reason of what cannot be done", () => {
  const registry = new Registry(bench());
  registry.add(
    action("a", { menus: ["object"] }),
    action("b", { menus: ["object"], when: () => false }),
    action("c", { menus: ["object"], when: () => "It is locked." }),
    action("d", { menus: ["canvas"] }),
  );
  assert.deepEqual(registry.inMenu("object").map(({ action: { id }, available }) => [id, available]), [["a", true], ["c", "It is locked."]]);
});

test("a person's own keys take the place of those that an action came with", () => {
  const registry = new Registry(bench({ a: ["Shift+Alt+KeyQ"], b: [] }));
  registry.add(action("a", { keys: ["KeyA"] }), action("b", { keys: ["KeyB"] }), action("c", { keys: ["KeyC"] }));
  assert.deepEqual(registry.chordsOf("a"), [normal("Alt+Shift+KeyQ")]);
  assert.equal(registry.meant("KeyA"), null);
  assert.equal(registry.meant("Alt+Shift+KeyQ").id, "a");
  assert.equal(registry.meant("KeyB"), null);
  assert.equal(registry.meant("KeyC").id, "c");
});

test("of several actions on a key the one that can be done is meant, the last added of those", () => {
  const registry = new Registry(bench());
  let vertex = false;
  registry.add(
    action("label", { keys: ["Delete"] }),
    action("vertex", { keys: ["Delete"], when: () => vertex }),
    action("greyed", { keys: ["Delete"], when: () => "Not now." }),
  );
  assert.equal(registry.meant("Delete").id, "label");
  vertex = true;
  assert.equal(registry.meant("Delete").id, "vertex");
});

test("a mode has its keys before all others while it is on, and none when it is off", () => {
  const registry = new Registry(bench());
  registry.add(action("option", { keys: ["Digit1"], mode: "attributes" }), action("class", { keys: ["Digit1"] }));
  assert.equal(registry.meant("Digit1").id, "class");
  registry.mode = "attributes";
  assert.equal(registry.meant("Digit1").id, "option");
});

test("a key is in conflict with the actions that have it, but for those of another mode", () => {
  const registry = new Registry(bench());
  registry.add(action("a", { keys: ["KeyA"] }), action("b", { keys: ["KeyB"] }), action("m", { keys: ["KeyB"], mode: "attributes" }));
  assert.deepEqual(registry.conflicts("a", "KeyB").map(({ id }) => id), ["b"]);
  assert.deepEqual(registry.conflicts("b", "KeyB"), []);
});

test("the tip of a button has the key in it", () => {
  const registry = new Registry(bench({ b: [] }));
  registry.add(action("a", { title: "Hide", keys: ["KeyH", "KeyJ"] }), action("b", { title: "Lock", keys: ["KeyL"] }));
  assert.equal(registry.hint("a"), "Hide (H)");
  assert.equal(registry.hint("b"), "Lock");
});
