"""The rows that belong to a new job: its claims on instances or classes, and its parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from labeling.models import Job, JobClass
from labeling.services.algorithms import Algorithm
from labeling.services.detection import DetectPlan
from labeling.services.interpolation import InterpolatePlan
from labeling.services.plans import TrackPlan
from labeling.statements import run

Plan = TrackPlan | InterpolatePlan | DetectPlan
"""What an order comes to: it knows its objects, its frames, and how it is split into parts."""


class Portion(Protocol):
    """What one part does."""

    @property
    def cost(self) -> int: ...

    @property
    def frames(self) -> int: ...

    def to_json(self) -> dict[str, Any]: ...


CLAIM = "INSERT INTO labeling_jobinstance (job_id, instance_id, first_frame, last_frame, active) VALUES "
QUEUE = """
INSERT INTO labeling_part
    (state, token, holder, losses, frames_done, attempts, error_code, error, failures,
     job_id, number, capability, algorithm, project_id, priority, cost, plan, frames_total)
VALUES """
QUEUED = "('queued', 0, '', 0, 0, 0, '', '', '[]', %s, %s, %s, %s, %s, %s, %s, %s, %s)"
# Rows a statement: far below SQLite's 32,766 parameters.
BATCH_ROWS = 500


def claims_store(*, job: Job, plan: Plan) -> None:
    """Claim what the job works on over its range; the database refuses an overlap with another job."""
    rows = [(job.pk, planned.instance_id, job.first_frame, job.last_frame) for planned in plan.objects]
    insert(CLAIM, "(%s, %s, %s, %s, TRUE)", rows)
    if isinstance(plan, DetectPlan):
        JobClass.objects.bulk_create(
            JobClass(
                job=job,
                task_id=job.task_id,
                object_class_id=one.object_class,
                first_frame=job.first_frame,
                last_frame=job.last_frame,
            )
            for one in plan.classes
        )


def parts_store(*, job: Job, groups: Sequence[Portion], algorithm: Algorithm, first_number: int = 0) -> None:
    """Queue a part for each group, numbered from ``first_number`` on."""
    same = (algorithm.capability.value, algorithm.name, job.project_id, job.priority)
    rows = [
        (job.pk, number, *same, group.cost, json.dumps(group.to_json()), group.frames)
        for number, group in enumerate(groups, start=first_number)
    ]
    insert(QUEUE, QUEUED, rows)


def insert(statement: str, row: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run ``statement`` with ``row`` (its placeholders) for each of ``rows``."""
    for start in range(0, len(rows), BATCH_ROWS):
        some = rows[start : start + BATCH_ROWS]
        run(statement + ", ".join([row] * len(some)), [value for values in some for value in values])
