"""The rows that belong to a new job: its claims on instances or classes, and its parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection
from django.utils import timezone

from labeling.models import Job
from labeling.services.algorithms import Algorithm
from labeling.services.detection import DetectPlan
from labeling.services.interpolation import InterpolatePlan
from labeling.services.plans import TrackPlan
from labeling.statements import insert, inserted

Plan = TrackPlan | InterpolatePlan | DetectPlan
"""What an order comes to: it knows its objects, its frames, and how it is split into parts."""


class Portion(Protocol):
    """What one part does."""

    @property
    def cost(self) -> int: ...

    @property
    def frames(self) -> int: ...

    def to_json(self) -> dict[str, Any]: ...


# Every column of a job: what a new one does not say stands here.
JOB = """
INSERT INTO labeling_job
    (state, frames_done, labels_written, worker_seconds, gpu_seconds, tally, model_version, error_code, error,
     event_number, created_at,
     uid, project_id, task_id, batch_id, kind, algorithm, direction, first_frame, last_frame, priority,
     parameters, idempotency_key, order_digest, warnings, frames_total, created_by_id)
VALUES """
NEW_JOB = (
    "('queued', 0, 0, 0, 0, '{}', '', '', '', 1, %s, "
    "%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
CLAIM = "INSERT INTO labeling_jobinstance (job_id, instance_id, first_frame, last_frame, active) VALUES "
CLAIM_CLASS = """
INSERT INTO labeling_jobclass (job_id, task_id, object_class_id, first_frame, last_frame, active) VALUES """
QUEUE = """
INSERT INTO labeling_part
    (state, token, holder, worker, losses, frames_done, attempts, error_code, error, failures,
     job_id, number, capability, algorithm, project_id, priority, cost, plan, frames_total)
VALUES """
QUEUED = "('queued', 0, '', '', 0, 0, 0, '', '', '[]', %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def jobs_insert(jobs: Sequence[Job]) -> None:
    """Store new jobs, queued and with their first event's number, and give each its id."""
    now = timezone.now()
    at, uid = connection.ops.adapt_datetimefield_value(now), Job._meta.get_field("uid")
    rows = [
        (
            at, uid.get_db_prep_value(job.uid, connection), job.project_id, job.task_id, job.batch_id,
            job.kind, job.algorithm, job.direction, job.first_frame, job.last_frame, job.priority,
            json.dumps(job.parameters), job.idempotency_key, job.order_digest, json.dumps(job.warnings),
            job.frames_total, job.created_by_id,
        )
        for job in jobs
    ]  # fmt: skip
    ids = inserted(JOB, NEW_JOB, rows)
    for job, pk in zip(jobs, ids, strict=True):
        job.pk, job.created_at = pk, now
        job._state.adding = False


def claims_store(planned: Sequence[tuple[Job, Plan]]) -> None:
    """Claim what each job works on over its range; the database refuses an overlap with another job."""
    rows = [
        (job.pk, one.instance_id, job.first_frame, job.last_frame)
        for job, plan in planned
        for one in plan.objects
    ]
    insert(CLAIM, "(%s, %s, %s, %s, TRUE)", rows)
    classes = [
        (job.pk, job.task_id, one.object_class, job.first_frame, job.last_frame)
        for job, plan in planned
        if isinstance(plan, DetectPlan)
        for one in plan.classes
    ]
    insert(CLAIM_CLASS, "(%s, %s, %s, %s, %s, TRUE)", classes)


def parts_store(
    planned: Sequence[tuple[Job, Sequence[Portion], Algorithm]], *, first_number: int = 0
) -> None:
    """Queue a part for each group of each job, numbered from ``first_number`` on."""
    rows = [
        (
            job.pk, number, algorithm.capability.value, algorithm.name, job.project_id, job.priority,
            group.cost, json.dumps(group.to_json()), group.frames,
        )
        for job, groups, algorithm in planned
        for number, group in enumerate(groups, start=first_number)
    ]  # fmt: skip
    insert(QUEUE, QUEUED, rows)
