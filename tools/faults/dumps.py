"""The checker outside the engine: it reads the labels by plain SQL and compares two sets of them."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass

import msgpack
from django.db import connection

Labels = dict[tuple[int, int], tuple[bytes | None, float]]
"""(number of the instance in its task, frame) → geometry and confidence."""


@dataclass(frozen=True)
class Damage:
    """``lost`` labels are missing or different, ``duplicated`` ones are extra or were written twice."""

    lost: int
    duplicated: int

    def __add__(self, other: Damage) -> Damage:
        return Damage(self.lost + other.lost, self.duplicated + other.duplicated)


def labels_of(task_id: int) -> Labels:
    """Read a task's labels."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.number, l.frame, l.geometry, l.confidence FROM labeling_label l "
            "JOIN labeling_instance i ON i.id = l.instance_id WHERE l.task_id = %s",
            [task_id],
        )
        rows = cursor.fetchall()
    return {
        (number, frame): (None if geometry is None else bytes(geometry), confidence)
        for number, frame, geometry, confidence in rows
    }


def written_twice(task_id: int) -> int:
    """Count the frames that one job's originals hold more than once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.job_id, c.instance_id, c.written FROM labeling_runchunk c "
            "JOIN labeling_job j ON j.id = c.job_id WHERE j.task_id = %s",
            [task_id],
        )
        rows = cursor.fetchall()
    frames = Counter(
        (job_id, instance_id, record[0])
        for job_id, instance_id, written in rows
        for record in msgpack.unpackb(zlib.decompress(bytes(written)))
    )
    return sum(count - 1 for count in frames.values())


def damage(*, task_id: int, undisturbed: Labels) -> Damage:
    """Compare a task's labels with those of an undisturbed run of the same order."""
    found = labels_of(task_id)
    lost = sum(1 for key, value in undisturbed.items() if found.get(key) != value)
    extra = sum(1 for key in found if key not in undisturbed)
    return Damage(lost, extra + written_twice(task_id))
