"""What work has cost: time of workers, booked on the job, its batch and its project as it is committed."""

from __future__ import annotations

from labeling.services.events import event_write
from labeling.statements import row_of, run

JOB = """
UPDATE labeling_job SET worker_seconds = worker_seconds + %s, gpu_seconds = gpu_seconds + %s WHERE id = %s
RETURNING batch_id, project_id
"""
BATCH = """
UPDATE labeling_batch SET worker_seconds = worker_seconds + %s, gpu_seconds = gpu_seconds + %s WHERE id = %s
RETURNING budget_seconds IS NOT NULL AND worker_seconds >= budget_seconds
"""
STOP = """
UPDATE labeling_batch SET paused = TRUE, verb = 'pause', verb_after = 0, verb_outcome = '{}'
WHERE id = %s AND NOT paused AND verb = '' AND state IN ('queueing', 'trying', 'running')
RETURNING worker_seconds, budget_seconds
"""
PROJECT = """
UPDATE labeling_fairshare SET worker_seconds = worker_seconds + %s, gpu_seconds = gpu_seconds + %s
WHERE project_id = %s
"""


def time_book(*, job_id: int, seconds: float, gpu: bool) -> None:
    """Book ``seconds`` of a worker, in the last statements of a transaction: job, batch, fair share.

    A batch whose budget is spent is paused, and an event says so.
    """
    both = (seconds, seconds if gpu else 0.0)
    row = row_of(JOB, (*both, job_id))
    if row is None:
        return
    batch_id, project_id = row
    if batch_id is not None:
        spent = row_of(BATCH, (*both, batch_id))
        if spent is not None and spent[0]:
            batch_stop(batch_id=batch_id, project_id=project_id)
    run(PROJECT, (*both, project_id))


def batch_stop(*, batch_id: int, project_id: int) -> None:
    stopped = row_of(STOP, (batch_id,))
    if stopped is not None:
        payload = {"batch": batch_id, "worker_seconds": stopped[0], "budget_seconds": stopped[1]}
        event_write(kind="batch.over_budget", project_id=project_id, payload=payload)
