"""What work has cost: time of workers, booked on the job, its batch and its project as it is committed."""

from __future__ import annotations

from labeling.models import RuleState
from labeling.services.events import event_write
from labeling.services.rules.switching import rule_spent_pause
from labeling.statements import row_of, run

JOB = """
UPDATE labeling_job SET worker_seconds = worker_seconds + %s, gpu_seconds = gpu_seconds + %s WHERE id = %s
RETURNING batch_id, project_id
"""
BATCH = """
UPDATE labeling_batch SET worker_seconds = worker_seconds + %s, gpu_seconds = gpu_seconds + %s WHERE id = %s
RETURNING budget_seconds IS NOT NULL AND worker_seconds >= budget_seconds, rule_id
"""
RULE = """
UPDATE labeling_rule SET worker_seconds = worker_seconds + %s, gpu_seconds = gpu_seconds + %s WHERE id = %s
RETURNING state, worker_seconds, budget_seconds
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
    """Book ``seconds`` of a worker, in the last statements of a transaction: job, batch, rule, fair share.

    A batch whose budget is spent is paused, and an event says so; a rule likewise, and its managers are told.
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
        if spent is not None and spent[1] is not None:
            rule_book(rule_id=spent[1], both=both)
    run(PROJECT, (*both, project_id))


def batch_stop(*, batch_id: int, project_id: int) -> None:
    stopped = row_of(STOP, (batch_id,))
    if stopped is not None:
        payload = {"batch": batch_id, "worker_seconds": stopped[0], "budget_seconds": stopped[1]}
        event_write(kind="batch.over_budget", project_id=project_id, payload=payload)


def rule_book(*, rule_id: int, both: tuple[float, float]) -> None:
    """Book it on the rule that ordered the job; its batches are held back behind this transaction."""
    row = row_of(RULE, (*both, rule_id))
    if row is None or row[0] != RuleState.ON or row[2] is None or row[1] < row[2]:
        return
    rule_spent_pause(rule_id=rule_id, budget_seconds=row[2])
