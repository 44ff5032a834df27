"""Edits that come in one request: in order, each whole or not at all, and made one upon the other."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from labeling.models import Edit, Instance, Label, Task, User
from labeling.services.edits.edits import edit_apply
from labeling.services.edits.together import DoneTogether, edits_apply
from labeling.services.labels import label_put
from tests import factories
from tests.engine.editing import box, left_at

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def car(task: Task, alice: User) -> Instance:
    """An object with a box on frame 0, at 10, whose version is 1."""
    instance = factories.make_instance(task=task, author=alice)
    label_put(user=alice, instance=instance, frame=0, shape_json=box(10))
    return instance


def moved(instance: Instance, left: float, *, version: int | None = 1) -> dict[str, Any]:
    """An edit as ``edit_apply`` takes it."""
    operation = {"op": "label.put", "instance": instance.object_hash, "frame": 0, "shape": box(left)}
    operation |= {} if version is None else {"version": version}
    return {"key": uuid.uuid4(), "title": f"Move it to {left}", "operations": [operation]}


def together(user: User, task: Task, *edits: dict[str, Any]) -> DoneTogether:
    return edits_apply(user=user, task=Task.objects.get(pk=task.pk), edits=edits)


def test_later_ones_have_seen_what_earlier_ones_did(task: Task, alice: User, car: Instance) -> None:
    """The page knew version 1 when it made both."""
    done = together(alice, task, moved(car, 20), moved(car, 30))
    assert (done.done, done.error) == (2, None)
    assert left_at(car, 0) == 30
    assert Edit.objects.filter(task=task, title__startswith="Move it").count() == 2


def test_what_somebody_else_changed_before_is_asked_about(
    task: Task, alice: User, bob: User, car: Instance
) -> None:
    label_put(user=bob, instance=car, frame=0, shape_json=box(50))
    done = together(alice, task, moved(car, 20), moved(car, 30))
    assert done.done == 0
    assert done.error is not None
    assert done.error.code == "stale_version"
    assert left_at(car, 0) == 50


def test_it_ends_at_the_first_that_is_refused(task: Task, alice: User, car: Instance) -> None:
    wide = moved(car, 20)
    wide["operations"][0]["shape"]["width"] = 1e6
    done = together(alice, task, moved(car, 20), wide, moved(car, 30))
    assert done.done == 1
    assert left_at(car, 0) == 20


def test_sent_again_one_by_one_they_are_known(task: Task, alice: User, car: Instance) -> None:
    """The page never read the answer: the next visit sends each under its key."""
    edits = [moved(car, 20), moved(car, 30)]
    together(alice, task, *edits)
    for told in edits:
        assert edit_apply(user=alice, task=task, **told).again
    assert left_at(car, 0) == 30


def test_one_that_had_arrived_before_is_no_surprise_to_the_next(
    task: Task, alice: User, car: Instance
) -> None:
    """The answer to the first was lost on its way; the page sends both."""
    first, second = moved(car, 20), moved(car, 30)
    together(alice, task, first)
    done = together(alice, task, first, second)
    assert (done.done, done.error) == (2, None)
    assert left_at(car, 0) == 30


def test_sent_again_together_what_others_did_since_is_no_conflict_for_what_is_there(
    task: Task, alice: User, bob: User, car: Instance
) -> None:
    first, second = moved(car, 20), moved(car, 30)
    together(alice, task, first)
    label_put(user=bob, instance=car, frame=0, shape_json=box(50))
    done = together(alice, task, first, second)
    assert done.done == 1
    assert done.error is not None
    assert done.error.code == "stale_version"
    assert left_at(car, 0) == 50


def test_an_object_that_the_first_makes_is_there_for_the_second(
    task: Task, alice: User, car: Instance
) -> None:
    made = {"op": "instance.create", "instance": "newcar_1", "object_class": car.object_class_id}
    put = {"op": "label.put", "instance": "newcar_1", "frame": 3, "shape": box(5), "version": 0}
    later = {**put, "shape": box(6)}
    edits = [{"key": uuid.uuid4(), "title": "Draw", "operations": one} for one in ([made, put], [later])]
    assert together(alice, task, *edits).done == 2
    assert Label.objects.get(instance__object_hash="newcar_1").frame == 3
