"""Carrying out what was asked of a whole batch, some jobs at a time; the batch's row says how far it is.

Jobs that nobody has begun are moved together (``together.py``), the others by the services of single jobs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from django.db import transaction

from labeling.errors import LabelyardError
from labeling.models import FINAL_STATES, Batch, BatchVerb, Job, JobState
from labeling.services.batches.counts import batch_count
from labeling.services.batches.together import jobs_cancel, jobs_pause, jobs_resume
from labeling.services.events import event_write
from labeling.services.fairness import project_wakes
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from labeling.services.runs import job_revert

TOGETHER = 1000
ALONE = 25
Tally = Mapping[str, int]


@dataclass(frozen=True)
class Carrier:
    """How a verb is carried out: on which jobs, alone and together."""

    sources: tuple[JobState, ...]
    alone: Callable[[Batch, Job], Tally]
    together: Callable[..., int] | None = None


def pause_one(batch: Batch, job: Job) -> Tally:
    job_pause(job=job)
    return {"jobs": 1}


def resume_one(batch: Batch, job: Job) -> Tally:
    job_resume(job=job)
    return {"jobs": 1}


def cancel_one(batch: Batch, job: Job) -> Tally:
    job_cancel(job=job, keep=bool(batch.cancel_keeps))
    return {"jobs": 1}


def retry_one(batch: Batch, job: Job) -> Tally:
    job_retry(job=job)
    return {"jobs": 1}


def revert_one(batch: Batch, job: Job) -> Tally:
    if job.reverted_at or not job.labels_written:
        return {}
    return {"jobs": 1, **asdict(job_revert(job=job, user=batch.verb_by))}


CARRIERS: Mapping[str, Carrier] = {
    BatchVerb.PAUSE: Carrier((JobState.QUEUED, JobState.RUNNING), pause_one, jobs_pause),
    BatchVerb.RESUME: Carrier((JobState.PAUSED,), resume_one, jobs_resume),
    BatchVerb.CANCEL: Carrier((JobState.QUEUED, JobState.RUNNING, JobState.PAUSED), cancel_one, jobs_cancel),
    BatchVerb.RETRY: Carrier((JobState.FAILED, JobState.PARTIAL), retry_one),
    BatchVerb.REVERT: Carrier(FINAL_STATES, revert_one),
}


def batch_carry_next(*, batch: Batch) -> int:
    """Do the next of what was asked of the batch's jobs; return how many there were, 0 when it is done.

    Whoever is killed in between leaves nothing half done: each step is a transaction, and what is
    asked twice of a job is refused the second time.
    """
    carrier = CARRIERS[batch.verb]
    if carrier.together and batch.verb_after == 0:
        if batch.verb == BatchVerb.RESUME:
            project_wakes(project_id=batch.project_id)
        with transaction.atomic():
            moved = carrier.together(batch, most=TOGETHER)
        if moved:
            noted(batch, {"jobs": moved}, after=0)
            return moved
    jobs = Job.objects.filter(batch=batch, pk__gt=batch.verb_after, state__in=carrier.sources)
    some = list(jobs.order_by("pk")[:ALONE])
    if not some:
        carried_out(batch)
        return 0
    tally: Counter[str] = Counter()
    for job in some:
        tally.update(carried_alone(carrier, batch, job))
    noted(batch, tally, after=some[-1].pk)
    return len(some)


def carried_alone(carrier: Carrier, batch: Batch, job: Job) -> Tally:
    """Do it to one job; a refusal (its task is complete, it ended meanwhile) is counted."""
    try:
        return carrier.alone(batch, job)
    except LabelyardError as error:
        return {"refused": 1, f"refused: {error.code}": 1}


def noted(batch: Batch, tally: Tally, *, after: int) -> None:
    """Keep how far it is and what came of it, unless something else was asked meanwhile."""
    outcome = dict(Counter(batch.verb_outcome) + Counter(tally))
    rows = Batch.objects.filter(pk=batch.pk, verb=batch.verb, verb_after=batch.verb_after)
    rows.update(verb_outcome=outcome, verb_after=after)


@transaction.atomic
def carried_out(batch: Batch) -> None:
    """Nothing of it is left to do; a cancelled batch ends when its last running part has stopped."""
    won = Batch.objects.filter(pk=batch.pk, verb=batch.verb).update(verb=BatchVerb.NONE)
    if won:
        payload = {"batch": batch.pk, "verb": batch.verb, "outcome": batch.verb_outcome}
        event_write(kind="batch.carried_out", project_id=batch.project_id, payload=payload)
        batch_count(batch_id=batch.pk, changes={"waiting": 0})
