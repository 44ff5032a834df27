"""Bitmasks that leave each other out: whatever comes at the same time, and whatever is undone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from django.db import connection

from labeling.errors import LabelyardError
from labeling.geometry.masks import bitmask_to_mask, mask_to_bitmask
from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Bitmask, BoolMask, ShapeKind
from labeling.geometry.wire import shape_to_json
from labeling.models import Instance, Label, ObjectClass, Task, User
from labeling.services.edits.covered import places_skipped
from labeling.services.edits.edits import edit_apply
from labeling.services.edits.opened import edit_open
from labeling.services.edits.turning import edit_redo, edit_undo
from labeling.services.labels import label_put, label_put_in
from labeling.services.reviews import review_decide
from tests import factories
from tests.engine.editing import box, do

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FRAME = 7
SIDE = 40


def square(left: int, top: int = 0, side: int = SIDE) -> BoolMask:
    mask = np.zeros((360, 640), np.bool_)
    mask[top : top + side, left : left + side] = True
    return mask


def bitmask(mask: BoolMask) -> Bitmask:
    made = mask_to_bitmask(mask)
    assert made is not None
    return made


def instances(task: Task, count: int) -> list[Instance]:
    return [factories.make_instance(task=task, shape=ShapeKind.BITMASK) for _ in range(count)]


def put(instance: Instance, mask: BoolMask, *, exclude: bool = True, **words: Any) -> dict[str, Any]:
    return {
        "op": "label.put",
        "instance": instance.object_hash,
        "frame": FRAME,
        "shape": shape_to_json(bitmask(mask)),
        "exclude_bitmasks": exclude,
        **words,
    }


def stored(instance: Instance, frame: int = FRAME) -> BoolMask:
    geometry = Label.objects.get(instance=instance, frame=frame).geometry
    shape = shape_unpack(bytes(geometry or b""))
    assert isinstance(shape, Bitmask)
    return bitmask_to_mask(shape, width=640, height=360)


def shared_pixels(masks: Sequence[BoolMask]) -> int:
    return int((np.sum(masks, axis=0) > 1).sum())


def test_a_new_bitmask_leaves_out_those_that_stand_there(task: Task, alice: User) -> None:
    first, second = instances(task, 2)
    do(alice, task, put(first, square(0)))
    done = do(alice, task, put(second, square(10)))
    assert np.array_equal(stored(second), square(10) & ~square(0))
    assert np.array_equal(stored(first), square(0))
    ((key, turned),) = done.journal.labels.items()
    assert key == (second.pk, FRAME)
    assert turned.after is not None
    assert turned.after.geometry == bytes(Label.objects.get(instance=second).geometry or b"")


def test_only_who_asks_gives_way(task: Task, alice: User) -> None:
    first, second = instances(task, 2)
    do(alice, task, put(first, square(0)), put(second, square(10), exclude=False))
    assert np.array_equal(stored(second), square(10))


def test_the_label_of_the_instance_itself_other_frames_and_absent_marks_are_not_left_out(
    task: Task, alice: User
) -> None:
    first, other, absent = instances(task, 3)
    factories.make_label(instance=other, frame=FRAME + 1, shape=bitmask(square(0)))
    factories.make_label(instance=absent, frame=FRAME, shape=None)
    do(alice, task, put(first, square(0)))
    do(alice, task, put(first, square(10)))
    assert np.array_equal(stored(first), square(10))


def test_what_is_drawn_with_another_shape_is_not_left_out(task: Task, alice: User) -> None:
    (first,) = instances(task, 1)
    car = factories.make_instance(task=task)
    do(alice, task, {"op": "label.put", "instance": car.object_hash, "frame": FRAME, "shape": box(0)})
    do(alice, task, put(first, square(0, 20)))
    assert np.array_equal(stored(first), square(0, 20))


def test_rejected_bitmasks_are_not_left_out_until_they_are_drawn_again(
    task: Task, alice: User, rita: User
) -> None:
    first, second, third = instances(task, 3)
    do(alice, task, put(first, square(0)))
    review_decide(user=rita, instance=first, first_frame=0, last_frame=50, decision="rejected", reason="Off.")
    do(alice, task, put(second, square(10)))
    assert np.array_equal(stored(second), square(10))
    do(alice, task, put(first, square(0)))
    assert np.array_equal(stored(first), square(0) & ~square(10))
    do(alice, task, put(third, square(0, 20)))
    assert shared_pixels([stored(one) for one in (first, second, third)]) == 0


def test_accepted_bitmasks_are_left_out(task: Task, alice: User, rita: User) -> None:
    first, second = instances(task, 2)
    do(alice, task, put(first, square(0)))
    review_decide(user=rita, instance=first, first_frame=0, last_frame=50, decision="accepted")
    do(alice, task, put(second, square(10)))
    assert np.array_equal(stored(second), square(10) & ~square(0))


def test_several_of_one_edit_leave_each_other_out(task: Task, alice: User) -> None:
    many = instances(task, 5)
    do(alice, task, *(put(one, square(10 * index)) for index, one in enumerate(many)))
    masks = [stored(one) for one in many]
    assert shared_pixels(masks) == 0
    assert np.array_equal(np.any(masks, axis=0), square(0) | square(20) | square(40))


def test_nothing_left_is_refused_and_writes_nothing_of_the_edit(task: Task, alice: User) -> None:
    first, second, third = instances(task, 3)
    do(alice, task, put(first, square(0)))
    with pytest.raises(LabelyardError, match="frame 7") as caught:
        do(alice, task, put(third, square(200)), put(second, square(10, 10, side=20)))
    assert (caught.value.code, caught.value.status) == ("nothing_left", 422)
    assert caught.value.details["operation"] == 1
    assert not Label.objects.filter(instance__in=[second, third]).exists()


def skipping(instance: str, mask: BoolMask) -> list[dict[str, Any]]:
    """A new object and its bitmask, which may be skipped."""
    shape = shape_to_json(mask_to_bitmask(mask))  # type: ignore[arg-type]
    told = {"instance": instance, "frame": FRAME, "shape": shape}
    return [
        {"op": "instance.create", "instance": instance, "object_class": bitmask_class().pk},
        {"op": "label.put", **told, "exclude_bitmasks": True, "skip_covered": True},
    ]


def bitmask_class() -> ObjectClass:
    return ObjectClass.objects.get(shape=ShapeKind.BITMASK)


def test_of_several_new_ones_those_that_are_covered_are_skipped_and_named(task: Task, alice: User) -> None:
    (first,) = instances(task, 1)
    do(alice, task, put(first, square(0)))
    hidden, free = square(10, 10, side=20), square(200)
    operations = [*skipping("hidden11", hidden), *skipping("free1111", free), *skipping("again111", free)]
    done = do(alice, task, *operations)
    assert [one.object_hash for one in Instance.objects.order_by("number")] == [first.object_hash, "free1111"]
    assert np.array_equal(stored(Instance.objects.get(object_hash="free1111")), free)
    expected = [("hidden11", FRAME), ("again111", FRAME)]
    assert places_skipped(operations, done.journal, task=task) == expected
    again = edit_apply(user=alice, task=task, key=done.edit.key, title=done.edit.title, operations=operations)
    assert again.again
    assert places_skipped(operations, again.journal, task=task) == expected
    edit_undo(user=alice, edit=done.edit)
    assert list(Instance.objects.all()) == [first]
    assert places_skipped(operations, again.journal, task=task) == expected


def test_an_edit_of_which_nothing_is_left_is_refused_all_the_same(task: Task, alice: User) -> None:
    (first,) = instances(task, 1)
    do(alice, task, put(first, square(0)))
    hidden = square(10, 10, side=20)
    with pytest.raises(LabelyardError, match="frame 7") as caught:
        do(alice, task, *skipping("hidden11", hidden), *skipping("hidden22", hidden))
    assert caught.value.code == "nothing_left"
    assert list(Instance.objects.all()) == [first]


def test_another_shape_cannot_leave_bitmasks_out(task: Task, alice: User) -> None:
    car = factories.make_instance(task=task)
    with pytest.raises(LabelyardError, match="bounding box") as caught:
        label_put(user=alice, instance=car, frame=FRAME, shape_json=box(0), exclude_bitmasks=True)
    assert (caught.value.code, caught.value.status) == ("bitmasks_only", 422)
    assert not Label.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_bitmasks_that_are_saved_at_the_same_time_never_overlap(round_: int, task: Task, alice: User) -> None:
    many = instances(task, 3)
    start = threading.Barrier(len(many))

    def save(instance: Instance, mask: BoolMask) -> None:
        try:
            mine = Instance.objects.select_related("task__project", "task__media", "object_class")
            known, shape = mine.get(pk=instance.pk), shape_to_json(bitmask(mask))
            start.wait()
            label_put(user=alice, instance=known, frame=FRAME, shape_json=shape, exclude_bitmasks=True)
        finally:
            connection.close()

    drawn = [square(10 * index + round_, 10 * index) for index in range(len(many))]
    threads = [threading.Thread(target=save, args=pair) for pair in zip(many, drawn, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    masks = [stored(one) for one in many]
    assert shared_pixels(masks) == 0
    assert np.array_equal(np.any(masks, axis=0), np.any(drawn, axis=0))


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_lock_sees_what_its_holder_wrote(task: Task, alice: User) -> None:
    """The first save is held open after it wrote; the second has begun before the first commits."""
    first, second = instances(task, 2)
    wrote, begun = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            mine = Task.objects.select_related("project", "media").get(pk=task.pk)
            with edit_open(user=alice, task=mine, title="Held open") as edit:
                label_put_in(
                    edit,
                    instance=first,
                    frame=FRAME,
                    shape_json=shape_to_json(bitmask(square(0))),
                    exclude_bitmasks=True,
                )
                wrote.set()
                begun.wait(timeout=20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert wrote.wait(timeout=20)
    # Nothing that is not committed is seen, so only the lock can keep the two apart.
    assert not Label.objects.filter(instance=first).exists()
    begun.set()
    do(alice, task, put(second, square(10)))
    holder.join()
    assert shared_pixels([stored(first), stored(second)]) == 0


def test_undo_and_redo_bring_back_exactly_what_was_there(task: Task, alice: User) -> None:
    first, second = instances(task, 2)
    do(alice, task, put(first, square(0)))
    # Drawn over the first one on purpose; then drawn again, giving way.
    do(alice, task, put(second, square(10), exclude=False))
    done = do(alice, task, put(second, square(20)))
    assert edit_undo(user=alice, edit=done.edit).kept == 0
    assert np.array_equal(stored(second), square(10))
    assert edit_redo(user=alice, edit=done.edit).kept == 0
    assert np.array_equal(stored(second), square(20) & ~square(0))


def test_redo_leaves_a_place_to_who_has_drawn_there_since(task: Task, alice: User, bob: User) -> None:
    first, second, third = instances(task, 3)
    done = do(bob, task, put(first, square(0)), put(third, square(200)))
    edit_undo(user=bob, edit=done.edit)
    do(alice, task, put(second, square(10)))
    assert edit_redo(user=bob, edit=done.edit).kept == 1
    assert not Label.objects.filter(instance=first).exists()
    assert np.array_equal(stored(third), square(200))


def test_undo_leaves_a_place_to_who_has_drawn_there_since(task: Task, alice: User, bob: User) -> None:
    first, second = instances(task, 2)
    do(bob, task, put(first, square(0)))
    moved = do(bob, task, put(first, square(100)))
    do(alice, task, put(second, square(10)))
    assert edit_undo(user=bob, edit=moved.edit).kept == 1
    assert np.array_equal(stored(first), square(100))
