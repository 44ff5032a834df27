"""The event of labels that changed, for whoever follows a project from outside."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

from labeling.models import Provenance
from labeling.statements import run

WRITE = """
INSERT INTO labeling_event (kind, project_id, task_id, job_id, payload, at)
SELECT 'labels.changed', project_id, id, %s, %s, {now} FROM labeling_task WHERE id = %s
"""
RANGES_MOST = 100

Range = tuple[int, int]
"""First and last frame, inclusive."""


def labels_changed_write(
    *,
    task_id: int,
    seq: int,
    instances: Collection[int],
    frames: Sequence[Range],
    provenances: Iterable[int],
    cause: str,
    by: str | None = None,
    job_id: int | None = None,
) -> None:
    """Write that labels of ``instances`` changed in ``frames``; to be called with the task's lock held.

    ``provenances`` are those of the labels that stand there now: none where they were removed. A job's
    event has no number: it belongs to its stream, not to its history.
    """
    payload = {
        "instances": sorted(instances),
        "frames": [list(one) for one in frames],
        "provenance": sorted(Provenance(one).label for one in set(provenances)),
        "cause": cause,
        "seq": seq,
        "by": by,
    }
    run(WRITE, (job_id, json.dumps(payload), task_id))


def ranges_of(frames: Iterable[int]) -> list[Range]:
    """Return the ranges of frames that follow on each other, in order; at most 100.

    Of more the last one is as long as it takes to hold the rest.
    """
    found: list[list[int]] = []
    for frame in sorted(set(frames)):
        if found and (frame == found[-1][1] + 1 or len(found) == RANGES_MOST):
            found[-1][1] = frame
        else:
            found.append([frame, frame])
    return [(first, last) for first, last in found]
