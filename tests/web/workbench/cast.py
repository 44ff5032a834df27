"""Objects of many kinds on one task, for the rooms that list them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labeling.geometry.shapes import Box, Polygon, ShapeKind
from labeling.models import Instance, Provenance, Task, User
from tests import factories
from tests.web.browser import TaskPage
from tests.web.workbench.objects import until

FIRST, LATER = 0, 20


@dataclass(frozen=True)
class Cast:
    """Who is on the frames: all but ``later`` and ``empty`` have something on frame 0."""

    drawn: Instance
    tracked: Instance
    interpolated: Instance
    absent: Instance
    outline: Instance
    later: Instance
    empty: Instance


def make_cast(*, task: Task, author: User) -> Cast:
    """Make them, numbered in this order: six boxes by who made their labels, and a polygon."""
    boxes = [factories.make_instance(task=task, author=author) for _ in range(4)]
    drawn, tracked, interpolated, absent = boxes
    outline = factories.make_instance(task=task, shape=ShapeKind.POLYGON, author=author)
    later, empty = (factories.make_instance(task=task, author=author) for _ in range(2))
    factories.make_label(instance=drawn, frame=FIRST, shape=Box(10, 10, 40, 30), author=author)
    machine(tracked, frame=FIRST, box=Box(60, 12, 30, 30), provenance=Provenance.TRACKED, confidence=0.83)
    machine(tracked, frame=FIRST + 1, box=Box(61, 12, 30, 30), provenance=Provenance.TRACKED, confidence=0.42)
    box = Box(100, 60, 30, 30)
    machine(interpolated, frame=FIRST, box=box, provenance=Provenance.INTERPOLATED, confidence=0.99)
    factories.make_label(instance=absent, frame=FIRST, shape=None, author=author)
    factories.make_label(instance=absent, frame=FIRST + 5, shape=Box(5, 70, 20, 20), author=author)
    ring = np.array([[20, 60], [70, 60], [45, 110]], dtype=float)
    factories.make_label(instance=outline, frame=FIRST, shape=Polygon(((ring,),)), author=author)
    factories.make_label(instance=later, frame=LATER, shape=Box(30, 30, 20, 20), author=author)
    return Cast(drawn, tracked, interpolated, absent, outline, later, empty)


def machine(instance: Instance, *, frame: int, box: Box, provenance: Provenance, confidence: float) -> None:
    """Put a label there that no person touched."""
    factories.make_label(
        instance=instance,
        frame=frame,
        shape=box,
        provenance=provenance,
        protected=False,
        confidence=confidence,
    )


def selected(bench: TaskPage) -> list[str]:
    """Return the hashes of the selected objects, the one selected last at the end."""
    found: list[str] = bench.page.evaluate("[...labelyard.selection]")
    return found


def wait_selected(bench: TaskPage, *instances: Instance) -> None:
    """Wait until exactly these are selected."""
    wanted = sorted(one.object_hash for one in instances)
    until(lambda: sorted(selected(bench)) == wanted)
