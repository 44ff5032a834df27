"""What is done to the selected objects, on this frame, from here on and as wholes; copying labels."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box, RotatedBox
from labeling.models import Instance, Label, ObjectClass, Provenance, Task, User
from tests import factories, waiting
from tests.web.browser import TaskPage, keep
from tests.web.workbench.conftest import OpenTask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def until(condition: Callable[[], bool]) -> None:
    waiting.until(condition, seconds=20, what="the database")


@pytest.fixture
def tracked(film_task: Task, alice: User) -> Instance:
    """An object with boxes on frames 0 to 9, all but the first by a machine."""
    instance = factories.make_instance(task=film_task, author=alice)
    for frame in range(10):
        by_hand = frame == 0
        factories.make_label(
            instance=instance, frame=frame, shape=Box(10 + frame, 30, 40, 30), protected=by_hand,
            provenance=Provenance.MANUAL if by_hand else Provenance.TRACKED,
        )  # fmt: skip
    return instance


@pytest.fixture
def second(film_task: Task, alice: User) -> Instance:
    """Another object of the same class, on frames 5 and 20."""
    instance = factories.make_instance(task=film_task, author=alice)
    for frame in (5, 20):
        factories.make_label(instance=instance, frame=frame, shape=Box(90, 60, 30, 30))
    return instance


def select(bench: TaskPage, *instances: Instance) -> None:
    """Select objects, once the page has them."""
    keys = [instance.object_hash for instance in instances]
    bench.page.wait_for_function(
        "(keys) => keys.every((key) => labelyard.store.instances.has(key))", arg=keys
    )
    bench.page.wait_for_function("labelyard.store.loaded(labelyard.shown)")
    bench.page.evaluate("(keys) => labelyard.select(keys)", keys)


def run(bench: TaskPage, action: str) -> None:
    """Choose it as a menu does."""
    bench.page.evaluate("(id) => void labelyard.actions.run(id)", action)


def lefts(instance: Instance) -> dict[int, float | None]:
    """The left edge of the box on each frame; None where it is marked absent."""
    found: dict[int, float | None] = {}
    for label in Label.objects.filter(instance=instance).order_by("frame"):
        shape = None if label.geometry is None else shape_unpack(bytes(label.geometry))
        assert shape is None or isinstance(shape, Box)
        found[label.frame] = shape.left if shape else None
    return found


def saved(bench: TaskPage) -> None:
    bench.page.keyboard.press("Control+s")
    bench.wait_saved()


TRACK = {frame: 10.0 + frame for frame in range(10)}


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("Delete", {4: None}),
        ("o", dict.fromkeys(range(5, 10))),
    ],
)
def test_gone_on_this_frame_or_after_it(
    open_task: OpenTask, alice: User, tracked: Instance, key: str, changed: dict[int, None]
) -> None:
    bench = open_task(alice)
    bench.go(4)
    select(bench, tracked)
    bench.page.keyboard.press(key)
    saved(bench)
    assert lefts(tracked) == TRACK | changed
    bench.page.keyboard.press("Control+z")
    saved(bench)
    assert lefts(tracked) == TRACK


def test_from_here_on_and_open_again(open_task: OpenTask, alice: User, tracked: Instance) -> None:
    bench = open_task(alice)
    bench.go(7)
    select(bench, tracked)
    run(bench, "object.delete-from-here")
    saved(bench)
    assert lefts(tracked) == TRACK | dict.fromkeys(range(7, 10))
    run(bench, "object.unmark")
    saved(bench)
    assert 7 not in lefts(tracked)


def test_a_key_frame_is_a_persons_label_of_the_same_shape(
    open_task: OpenTask, alice: User, tracked: Instance
) -> None:
    bench = open_task(alice)
    bench.go(4)
    select(bench, tracked)
    bench.page.keyboard.press("k")
    saved(bench)
    label = Label.objects.get(instance=tracked, frame=4)
    assert (label.protected, label.provenance, lefts(tracked)) == (True, Provenance.MANUAL, TRACK)


def test_occlusion_and_order_are_kept_by_label(
    open_task: OpenTask, alice: User, tracked: Instance, second: Instance
) -> None:
    bench = open_task(alice)
    bench.go(5)
    select(bench, tracked)
    order = "labelyard.store.labelsOn(5).map((label) => label.instance)"
    assert bench.page.evaluate(order) == [tracked.object_hash, second.object_hash]
    bench.page.keyboard.press("Shift+PageUp")
    assert bench.page.evaluate(order) == [second.object_hash, tracked.object_hash]
    bench.page.keyboard.press("y")
    saved(bench)
    label = Label.objects.get(instance=tracked, frame=5)
    assert (label.z_order, label.occluded) == (1, True)
    bench.page.keyboard.press("Shift+PageDown")
    assert bench.page.evaluate(order) == [tracked.object_hash, second.object_hash]


def test_a_whole_object_is_deleted_after_a_question_and_comes_back(
    open_task: OpenTask, alice: User, tracked: Instance
) -> None:
    bench = open_task(alice)
    select(bench, tracked)
    bench.page.keyboard.press("Shift+Delete")
    dialog = bench.page.locator("dialog.asks")
    expect(dialog).to_contain_text("with labels on 10 frames")
    keep(bench.page, "workbench-delete-object")
    dialog.get_by_role("button", name="Cancel").click()
    assert bench.page.evaluate("labelyard.store.instances.size") == 1
    bench.page.keyboard.press("Shift+Delete")
    dialog.get_by_role("button", name="Delete").click()
    saved(bench)
    assert not Instance.objects.filter(task=tracked.task).exists()
    bench.page.locator("#undo").click()
    saved(bench)
    assert lefts(Instance.objects.get(object_hash=tracked.object_hash)) == TRACK
    bench.page.wait_for_function("(key) => labelyard.store.label(key, 9)?.shape", arg=tracked.object_hash)


def test_two_are_merged_and_one_is_split(
    open_task: OpenTask, alice: User, tracked: Instance, second: Instance
) -> None:
    bench = open_task(alice)
    select(bench, tracked, second)
    run(bench, "object.merge")
    saved(bench)
    assert lefts(tracked) == TRACK | {20: 90.0}
    assert Instance.objects.filter(task=tracked.task).count() == 1
    bench.go(6)
    run(bench, "object.split")
    saved(bench)
    other = Instance.objects.filter(task=tracked.task).exclude(pk=tracked.pk).get()
    assert lefts(tracked) == {frame: 10.0 + frame for frame in range(6)}
    assert lefts(other) == {frame: 10.0 + frame for frame in range(6, 10)} | {20: 90.0}
    bench.page.locator("#undo").click()
    bench.page.locator("#undo").click()
    saved(bench)
    assert [len(lefts(one)) for one in Instance.objects.filter(task=tracked.task).order_by("number")] == [
        10,
        2,
    ]


def test_another_class_of_another_shape_converts_every_label(
    open_task: OpenTask, alice: User, tracked: Instance
) -> None:
    bench = open_task(alice)
    select(bench, tracked)
    run(bench, "object.convert")
    dialog = bench.page.locator("dialog.asks")
    wanted = ObjectClass.objects.get(ontology=tracked.task.project.ontology, shape="rotatable_bounding_box")
    dialog.get_by_label("Class").select_option(str(wanted.pk))
    keep(bench.page, "workbench-convert")
    dialog.get_by_role("button", name="Change").click()
    saved(bench)
    tracked.refresh_from_db()
    shapes = [shape_unpack(bytes(label.geometry or b"")) for label in Label.objects.filter(instance=tracked)]
    assert tracked.object_class == wanted
    assert [isinstance(shape, RotatedBox) for shape in shapes] == [True] * 10
    bench.page.wait_for_function(
        "(key) => 'rotation' in labelyard.store.label(key, 3).shape", arg=tracked.object_hash
    )


def test_copies_go_to_the_same_object_elsewhere_and_to_a_new_one_here(
    open_task: OpenTask, alice: User, tracked: Instance
) -> None:
    bench = open_task(alice)
    bench.go(3)
    select(bench, tracked)
    bench.page.keyboard.press("Control+c")
    bench.page.keyboard.press("Control+v")
    bench.go(30)
    bench.page.keyboard.press("Control+v")
    saved(bench)
    other = Instance.objects.filter(task=tracked.task).exclude(pk=tracked.pk).get()
    assert lefts(tracked) == TRACK | {30: 13.0}
    assert lefts(other) == {3: 25.0}


def test_labels_go_on_to_the_next_frames_and_come_from_the_one_before(
    open_task: OpenTask, alice: User, tracked: Instance
) -> None:
    bench = open_task(alice)
    bench.go(9)
    select(bench, tracked)
    bench.page.keyboard.press("Control+b")
    bench.wait_frame(10)
    bench.go(13)
    bench.page.keyboard.press("Control+Shift+b")
    saved(bench)
    assert lefts(tracked) == TRACK | {10: 19.0, 13: 19.0}
    bench.page.keyboard.press("Delete")
    bench.go(10)
    run(bench, "label.repeat")
    dialog = bench.page.locator("dialog.asks")
    dialog.get_by_label("On so many next frames").fill("4")
    dialog.get_by_role("button", name="Repeat").click()
    saved(bench)
    # What a person said of frame 13 stays.
    assert lefts(tracked) == TRACK | dict.fromkeys((10, 11, 12, 14), 19.0) | {13: None}


def test_a_locked_object_is_not_changed_and_the_page_says_why(
    open_task: OpenTask, alice: User, tracked: Instance
) -> None:
    bench = open_task(alice)
    select(bench, tracked)
    bench.page.evaluate("(key) => labelyard.locked.add(key)", tracked.object_hash)
    sentence = bench.page.evaluate(
        """new Promise((resolve) => {
          labelyard.addEventListener("say", (event) => resolve(event.detail.sentence));
          labelyard.actions.run("object.absent");
        })"""
    )
    assert re.search("is locked", sentence)
    assert bench.page.evaluate("(key) => labelyard.store.label(key, 0).shape !== null", tracked.object_hash)
