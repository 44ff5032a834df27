"""Every key of the workbench: pressed, and what comes of it. One page a group."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as Late

from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import AttributeKind, Provenance, Task, User
from tests import factories
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.shortcuts import ELSEWHERE, GROUPS, Row
from tests.web.workbench.test_canvas import SHAPES

NAMES = {
    ShapeKind.BOUNDING_BOX: "box",
    ShapeKind.ROTATABLE_BOUNDING_BOX: "rotated",
    ShapeKind.KEYPOINT: "point",
}
# Short words for the table, on the page.
WORDS = """(keys) => {
  const bench = labelyard;
  Object.assign(globalThis, {
    was: undefined,
    k: keys,
    c: Object.fromEntries(bench.facts.classes.map((one) => [one.shape, one.id])),
    label: (key, frame = bench.shown) => bench.store.label(key, frame),
    shape: (key, frame = bench.shown) => bench.store.label(key, frame)?.shape,
    said: () => document.querySelector("#messages").textContent,
    scale: () => bench.viewport.scale,
    setting: (name) => bench.preferences.get(name),
    speed: () => bench.frames.playback.speed,
    polygon: () => bench.tools.get("polygon"),
    sam: () => bench.tools.get("sam").sam,
    aim: () => sam().aim,
    brush: () => bench.tools.get("brush").size.value,
    grips: () => bench.tools.get("select").grips,
    vertex: () => grips().vertex,
    points: () => shape(k.polygon).polygons[0][0].length,
    choose: () => (grips().vertex = { polygon: 0, ring: 0, index: 0 }),
    move: (key, left) => bench.edit("Move it", [
      { op: "label.put", instance: key, frame: bench.shown, shape: { ...shape(key), left } },
    ]),
    bare: () => document.querySelector(".layers").classList.contains("bare"),
    progress: () => document.querySelector("#review-progress").textContent,
    answer: () => bench.store.answers(k.box)[0]?.value,
    question: () => questions().findIndex((one) => one.ariaCurrent === "true"),
    questions: () => [...document.querySelectorAll("[data-attribute]")],
  });
}"""
SETTLED = "labelyard.shown === labelyard.frame && labelyard.store.loaded(labelyard.frame)"
ALL_KEYS = "labelyard.actions.all().flatMap(({ id, keys = [] }) => keys.map((key) => [id, key]))"


@pytest.fixture
def keys(film_task: Task, alice: User) -> dict[str, str]:
    """The objects that the table speaks of."""
    made = {}
    for kind, shape in SHAPES.items():
        instance = factories.make_instance(task=film_task, shape=kind, author=alice)
        factories.make_label(instance=instance, frame=0, shape=shape, author=alice)
        made[NAMES.get(kind, str(kind))] = instance.object_hash
    car, bus, empty = (factories.make_instance(task=film_task, author=alice) for _ in range(3))
    for instance, frame in ((car, 10), (car, 20), (bus, 30)):
        factories.make_label(instance=instance, frame=frame, shape=Box(20, 20, 30, 30), author=alice)
    for frame, confidence in enumerate((0.9, 0.4, 0.9, 0.2, 0.9), start=11):
        factories.make_label(
            instance=car,
            frame=frame,
            shape=Box(20, 20, 30, 30),
            provenance=Provenance.TRACKED,
            protected=False,
            confidence=confidence,
        )
    options = tuple(f"option {number}" for number in range(1, 10))
    asked = factories.make_attribute(
        object_class=empty.object_class, name="kind of it", kind=AttributeKind.RADIO, options=options
    )
    factories.make_attribute(object_class=empty.object_class, name="another", kind=AttributeKind.NUMERIC)
    empty.object_class.attributes.exclude(pk__gte=asked.pk).delete()
    return {**made, "car": car.object_hash, "bus": bus.object_hash, "empty": empty.object_hash}


@pytest.fixture
def page(open_task: OpenTask, alice: User, keys: dict[str, str]) -> Page:
    page = open_task(alice).page
    page.evaluate(WORDS, keys)
    await_true(page, f"{SETTLED} && labelyard.store.instances.size === {len(keys)}")
    await_true(page, "labelyard.tracks.of(k.car).spans.length > 0")
    return page


def await_true(page: Page, expression: str) -> None:
    """Wait until it holds. As a function: the pages' policy forbids texts to be evaluated again and again."""
    page.wait_for_function(f"() => {expression}")


def do(page: Page, what: str) -> None:
    """Do what a row says before or after: a key, or a line of script."""
    if what.isalpha():
        page.keyboard.press(what)
    elif what:
        page.evaluate(f"() => {{ {what} }}")


def press(page: Page, row: Row) -> None:
    """Press the key of a row with the frame in the focus, and see what comes of it."""
    do(page, row.before)
    await_true(page, SETTLED)
    page.locator("#stage").focus()
    if row.held:
        page.keyboard.down(row.key)
    else:
        page.keyboard.press(row.key)
    try:
        await_true(page, row.then)
    except Late as error:
        raise AssertionError(f"{row.action} by {row.key}: {row.then} did not come true") from error
    if row.held:
        page.keyboard.up(row.key)
        await_true(page, f"!({row.then})")
    do(page, row.after)


@pytest.mark.parametrize("group", GROUPS)
def test_keys_do_what_the_table_says(page: Page, group: str) -> None:
    for row in GROUPS[group]:
        press(page, row)


def written(chord: str) -> str:
    """A chord as this table writes it: with the key's letter or digit, and Ctrl."""
    *modifiers, code = chord.replace("Mod", "Control").split("+")
    letter = code.removeprefix("Key") if code.startswith("Key") else code.removeprefix("Digit")
    return "+".join([*sorted(modifiers), letter]).lower()


def test_no_key_is_without_a_test(page: Page) -> None:
    rows = [row for group in GROUPS.values() for row in group]
    pressed = {(row.action, written(row.key)) for row in rows}
    real = {(action, written(chord)) for action, chord in page.evaluate(ALL_KEYS)}
    missing = {(action, chord) for action, chord in real - pressed if action not in ELSEWHERE}
    assert missing == set()
    assert {action for action, _ in pressed} <= {action for action, _ in real}


@pytest.mark.parametrize("action", ELSEWHERE)
def test_a_key_with_a_test_of_its_own_is_pressed_there(action: str) -> None:
    name, key = ELSEWHERE[action]
    text = (Path(__file__).parent / name).read_text()
    assert f'press("{key}' in text or f'down("{key}' in text
