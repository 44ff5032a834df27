"""Events, written in the transaction in which they happen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from labeling.models import Job
from labeling.statements import places, row_of, run

WRITE = (
    "INSERT INTO labeling_event (kind, project_id, task_id, job_id, media_id, number, payload, at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, {now})"
)
WRITE_OF_JOBS = """
INSERT INTO labeling_event (kind, project_id, task_id, job_id, number, payload, at)
SELECT %s, project_id, task_id, id, event_number, %s, {now} FROM labeling_job WHERE id IN ({jobs})
"""
TAKE_NUMBER = "UPDATE labeling_job SET event_number = event_number + 1 WHERE id = %s RETURNING event_number"


def event_write(
    *,
    kind: str,
    project_id: int,
    task_id: int | None = None,
    media_id: int | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Write an event that belongs to no job."""
    run(WRITE, (kind, project_id, task_id, None, media_id, None, json.dumps(payload or {})))


def job_event_write(*, job: Job, kind: str, payload: dict[str, Any] | None = None) -> None:
    """Write the job's next event. The UPDATE holds the job's row, so its numbers follow commits."""
    row = row_of(TAKE_NUMBER, (job.pk,))
    if row is None:
        raise Job.DoesNotExist
    job.event_number = row[0]
    job_event_numbered(job=job, kind=kind, payload=payload)


def job_event_numbered(*, job: Job, kind: str, payload: dict[str, Any] | None = None) -> None:
    """Write an event whose number the caller's UPDATE of the job's row has just taken."""
    run(WRITE, numbered_row(job, kind, payload))


def jobs_event_write(*, job_ids: Sequence[int], kind: str, payload: Mapping[str, Any]) -> None:
    """``job_event_numbered`` of several jobs that are told the same of."""
    if job_ids:
        statement = WRITE_OF_JOBS.replace("{jobs}", places(len(job_ids)))
        run(statement, (kind, json.dumps(payload), *job_ids))


def numbered_row(job: Job, kind: str, payload: Mapping[str, Any] | None) -> tuple[object, ...]:
    told = {"state": str(job.state), **(payload or {})}
    return (kind, job.project_id, job.task_id, job.pk, None, job.event_number, json.dumps(told))
