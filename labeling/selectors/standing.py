"""The shapes that stand on a frame: labels that are not rejected. Absent marks have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Shape
from labeling.models import Decision, Label, Task
from labeling.selectors.labels import Decisions


@dataclass(frozen=True)
class StandingShape:
    """A label's shape. ``seq``: the change that wrote it."""

    instance_id: int
    seq: int
    shape: Shape


def shapes_standing(task: Task, frame: int, **narrowed: Any) -> list[StandingShape]:
    """Return the shapes of ``frame``, of the labels that ``narrowed`` names, in the order of instances."""
    found = (
        Label.objects.filter(task=task, frame=frame, geometry__isnull=False, **narrowed)
        .order_by("instance_id")
        .values_list("instance_id", "seq", "geometry")
    )
    rows = list(found)
    if not rows:
        return []
    decisions = Decisions(task=task, first=frame, last=frame)
    return [
        StandingShape(instance_id, seq, shape_unpack(bytes(geometry)))
        for instance_id, seq, geometry in rows
        if geometry is not None and decisions.of(instance_id, frame, seq) != Decision.REJECTED
    ]
