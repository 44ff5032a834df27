"""Short words for tests of edits: do, undo, and everything that a task holds as plain values."""

from __future__ import annotations

import uuid
from typing import Any

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.packing import shape_unpack
from labeling.models import (
    AttributeAnswer,
    ClassificationAnswer,
    Instance,
    Label,
    ReviewDecision,
    Task,
    User,
)
from labeling.services.edits.edits import Done, edit_apply

BOX = {"left": 10.0, "top": 20.0, "width": 30.0, "height": 40.0}


def box(left: float) -> dict[str, float]:
    return {**BOX, "left": left}


def put(instance: Instance | str, frame: int, left: float = 10.0, **words: Any) -> dict[str, Any]:
    """The operation that draws a box."""
    return {"op": "label.put", "instance": name(instance), "frame": frame, "shape": box(left), **words}


def name(instance: Instance | str) -> str:
    return instance if isinstance(instance, str) else instance.object_hash


def do(user: User, task: Task, *operations: dict[str, Any], key: uuid.UUID | None = None) -> Done:
    """Make one edit of the operations."""
    task = Task.objects.select_related("project", "media").get(pk=task.pk)
    return edit_apply(user=user, task=task, key=key or uuid.uuid4(), title="A test", operations=operations)


def left_at(instance: Instance, frame: int) -> float:
    """The left edge of the box that the object has on the frame."""
    geometry = Label.objects.get(instance=instance, frame=frame).geometry
    return float(shape_bounds(shape_unpack(bytes(geometry or b""))).left)


def labels_dump(task: Task) -> list[tuple[Any, ...]]:
    """All labels but their versions and numbers of changes."""
    rows = Label.objects.filter(task=task).order_by("instance_id", "frame")
    return [
        (
            label.instance_id, label.frame, None if label.geometry is None else bytes(label.geometry),
            label.provenance, label.confidence, label.protected, label.z_order, label.occluded, label.job_id,
            label.author_id,
        )
        for label in rows
    ]  # fmt: skip


def everything(task: Task) -> dict[str, list[tuple[Any, ...]]]:
    """All that a person can change in a task, as plain values."""
    said = ("definition_id", "value", "first_frame", "last_frame", "seq", "author_id")
    return {
        "labels": labels_dump(task),
        "instances": list(
            Instance.objects.filter(task=task)
            .order_by("pk")
            .values_list("pk", "object_class_id", "object_hash", "number", "created_by_id", "created_at")
        ),
        "answers": list(
            AttributeAnswer.objects.filter(task=task)
            .order_by("instance_id", "definition_id", "first_frame")
            .values_list("instance_id", *said)
        ),
        "classifications": list(
            ClassificationAnswer.objects.filter(task=task)
            .order_by("definition_id", "first_frame")
            .values_list(*said)
        ),
        "decisions": decisions_dump(task),
    }


def decisions_dump(task: Task) -> list[tuple[Any, ...]]:
    """All decisions but their numbers, which grow where a label that they hold for is put back."""
    names = ("instance_id", "first_frame", "last_frame", "decision", "reason", "author_id", "at")
    rows: list[tuple[Any, ...]] = []
    for row in (
        ReviewDecision.objects.filter(task=task).order_by("instance_id", "first_frame").values_list(*names)
    ):
        instance, first, last, *words = row
        if rows and rows[-1][0] == instance and rows[-1][2] + 1 == first and list(rows[-1][3:]) == words:
            rows[-1] = (instance, rows[-1][1], last, *words)
        else:
            rows.append(row)
    return rows
