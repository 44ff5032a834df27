"""The rows that belong to a new job: its claims on instances, and its parts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from labeling.models import Capability, Job
from labeling.services.interpolation import InterpolatePlan
from labeling.services.plans import TrackPlan
from labeling.statements import run

Plan = TrackPlan | InterpolatePlan
"""What an order comes to: it knows its objects, its frames, and how it is split into parts."""

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
    """Claim the instances over the ordered range; the database refuses an overlap with another job."""
    rows = [(job.pk, planned.instance_id, job.first_frame, job.last_frame) for planned in plan.objects]
    insert(CLAIM, "(%s, %s, %s, %s, TRUE)", rows)


def parts_store(*, job: Job, groups: Sequence[Plan], capability: Capability) -> None:
    """Queue a part for each group of objects."""
    same = (capability.value, job.algorithm, job.project_id, job.priority)
    rows = [
        (job.pk, number, *same, group.cost, json.dumps(group.to_json()), group.frames)
        for number, group in enumerate(groups)
    ]
    insert(QUEUE, QUEUED, rows)


def insert(statement: str, row: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run ``statement`` with ``row`` (its placeholders) for each of ``rows``."""
    for start in range(0, len(rows), BATCH_ROWS):
        some = rows[start : start + BATCH_ROWS]
        run(statement + ", ".join([row] * len(some)), [value for values in some for value in values])
