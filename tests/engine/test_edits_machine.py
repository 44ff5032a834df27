"""Random edits, undone in reverse and redone: each step restores exactly what stood there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from labeling.errors import LabelyardError
from labeling.geometry.shapes import ShapeKind
from labeling.models import AttributeDefinition, Edit, Instance, Label, Provenance, Role, Task, User
from labeling.services.edits.turning import edit_redo, edit_undo
from tests import factories
from tests.engine.editing import box, do, everything

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
FRAMES = 80
TRACKS = 3

# Which of the instances that are there, counted around.
which = st.integers(0, 9)
frames = st.integers(0, FRAMES - 1)
ranges = st.tuples(frames, frames).map(lambda ends: {"first": min(ends), "last": max(ends)})


def of(op: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """An operation with drawn fields; ``spoken`` puts hashes and ids in."""
    return st.fixed_dictionaries({"op": st.just(op), **fields})


def ranged(op: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(of(op, **fields), ranges).map(lambda pair: {**pair[0], **pair[1]})


left = st.integers(0, 500).map(float)
booleans = st.booleans()
operations = st.one_of(
    of("instance.create", shape=st.sampled_from(ShapeKind)),
    of("instance.change", instance=which, shape=st.just(ShapeKind.BOUNDING_BOX)),
    of("instance.convert", instance=which, shape=st.sampled_from([ShapeKind.POLYGON, ShapeKind.BITMASK])),
    of("instance.delete", instance=which),
    of("instance.merge", instance=which, others=st.lists(which, min_size=1, max_size=2, unique=True)),
    of("instance.split", instance=which, frame=st.integers(10, 60)),
    of("label.put", instance=which, frame=frames, left=left),
    of("label.put", instance=which, frame=frames, left=left, z_order=st.integers(0, 3), occluded=booleans),
    of("label.absent", instance=which, frame=frames),
    of("label.remove", instance=which, frame=st.sampled_from(range(0, FRAMES, 7))),
    ranged("labels.remove", instance=which, mark=st.booleans()),
    of("answer.put", instance=which, definition=st.just("kind"), value=st.sampled_from(["car", None])),
    ranged("answer.put", instance=which, definition=st.just("plate"), value=st.sampled_from(("B", None))),
    ranged("classification.put", definition=st.just("sky"), value=st.sampled_from(["clear", "cloudy", None])),
    ranged("review.decide", instance=which, decision=st.sampled_from(["accepted", "rejected", "cleared"])),
)  # fmt: skip
edit_lists = st.lists(st.lists(operations, min_size=1, max_size=3), min_size=1, max_size=8)


def spoken(told: dict[str, Any], task: Task, hashes: Iterator[str]) -> dict[str, Any]:
    """Put hashes and ids in the place of numbers and names; boxes are drawn as their class asks."""
    there = list(Instance.objects.filter(task=task).order_by("pk").select_related("object_class"))
    said = dict(told)
    if said["op"] == "instance.split":
        said["into"] = next(hashes)
    if said["op"] == "instance.create":
        said["instance"] = next(hashes)
    elif "instance" in said:
        instance = there[said["instance"] % len(there)] if there else None
        said["instance"] = instance.object_hash if instance else "nobody__"
        if "left" in said:
            said["shape"] = drawn(instance, said.pop("left"))
    if "others" in said:
        said["others"] = [there[number % len(there)].object_hash for number in said["others"] if there]
    if isinstance(said.get("definition"), str):
        said["definition"] = AttributeDefinition.objects.get(name=said["definition"]).pk
    if said["op"].startswith("instance.") and "shape" in said:
        shape = said.pop("shape")
        said["object_class"] = factories.class_of(ontology=task.project.ontology, shape=shape).pk
    return said


def drawn(instance: Instance | None, left: float) -> dict[str, Any]:
    """A box, or the polygon around it."""
    if instance is not None and instance.object_class.shape == ShapeKind.POLYGON:
        corners = [[left, 20], [left + 30, 20], [left + 30, 60]]
        return {"polygons": [[corners]]}
    return box(left)


def furnished() -> tuple[Task, User]:
    """A task with a few tracks, some of their labels by a person's hand."""
    project = factories.make_project()
    person = factories.make_member(project=project, role=Role.MANAGER)
    task = factories.make_task(media=factories.make_media(project=project, frames=FRAMES))
    for number in range(TRACKS):
        instance = factories.make_instance(task=task)
        for frame in range(0, FRAMES - 30 * (number % 2), 7):
            by_hand = frame % 3 == 0
            factories.make_label(
                instance=instance,
                frame=frame,
                provenance=Provenance.MANUAL if by_hand else Provenance.TRACKED,
                protected=by_hand,
                confidence=1.0 if by_hand else 0.625,
            )
    return task, person


def edit_some(task: Task, person: User, edits: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Make the edits that are not refused; return the states before, between and after them."""
    states: list[dict[str, Any]] = [everything(task)]
    hashes = (f"made{number:04}" for number in count())
    for told in edits:
        try:
            with transaction.atomic():
                do(person, task, *(spoken(one, task, hashes) for one in told))
        except LabelyardError:
            assert everything(task) == states[-1]
            continue
        states.append(everything(task))
    return states


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(edits=edit_lists)
def test_undoing_all_restores_all_and_redoing_brings_it_back(edits: list[list[dict[str, Any]]]) -> None:
    with transaction.atomic():
        task, person = furnished()
        states = edit_some(task, person, edits)
        made = list(Edit.objects.filter(task=task).order_by("seq"))
        assert len(made) == len(states) - 1
        for _ in range(2):
            for edit, before in zip(reversed(made), reversed(states[:-1]), strict=True):
                assert edit_undo(user=person, edit=edit).kept == 0
                assert everything(task) == before
            for edit, after in zip(made, states[1:], strict=True):
                assert edit_redo(user=person, edit=edit).kept == 0
                assert everything(task) == after
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    edits=edit_lists,
    turns=st.lists(st.integers(0, 5), min_size=1, max_size=12),
)
# The merge is redone into an object whose making was undone.
@example(
    edits=[
        [{"op": "instance.create", "shape": ShapeKind.BOUNDING_BOX}],
        [{"op": "instance.merge", "instance": 3, "others": [0]}],
    ],
    turns=[1, 0, 1],
)
def test_undo_and_redo_in_any_order_keep_the_rules(
    edits: list[list[dict[str, Any]]], turns: list[int]
) -> None:
    """Versions never go back, every shape is of its class, and ranges do not overlap."""
    with transaction.atomic():
        task, person = furnished()
        edit_some(task, person, edits)
        made = list(Edit.objects.filter(task=task).order_by("seq"))
        versions: dict[tuple[int, int], int] = {}
        for number in turns if made else ():
            edit = made[number % len(made)]
            turn = edit_redo if edit.undone_seq is not None else edit_undo
            turn(user=person, edit=edit)
            rules_hold(task, versions)
        transaction.set_rollback(True)


def rules_hold(task: Task, versions: dict[tuple[int, int], int]) -> None:
    for label in Label.objects.filter(task=task).select_related("instance__object_class"):
        assert label.geometry is None or label.instance.object_class.draws(bytes(label.geometry))
        key = (label.instance_id, label.frame)
        assert label.version >= versions.get(key, 0)
        versions[key] = label.version
    held = everything(task)
    for rows in (held["answers"], held["classifications"], held["decisions"]):
        taken: set[tuple[Any, ...]] = set()
        for row in rows:
            *whose, first, last = ranged_part(row, decisions=rows is held["decisions"])
            frames_of = {(*whose, frame) for frame in ([None] if first is None else range(first, last + 1))}
            assert not frames_of & taken
            taken |= frames_of


def ranged_part(row: tuple[Any, ...], *, decisions: bool) -> tuple[Any, ...]:
    """Whose a range is, and its ends."""
    if decisions:
        return row[:3]
    *whose, _value, first, last, _seq, _author = row
    return (*whose, first, last)
