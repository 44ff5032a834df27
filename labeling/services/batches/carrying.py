"""Carrying out what was asked of a whole batch, some jobs at a time; the batch's row says how far it is.

Jobs that nobody has begun are moved together (``jobs_together``), the others by the services of single jobs.
"""

from __future__ import annotations

from collections import Counter

from django.db import transaction

from labeling.models import Batch, BatchVerb, Job
from labeling.services.batches.counts import batch_count
from labeling.services.events import event_write
from labeling.services.job_verbs import ALONE, JOB_VERBS, Asked, JobVerb, Tally, carried_alone, fresh_jobs


def batch_carry_next(*, batch: Batch) -> int:
    """Do the next of what was asked of the batch's jobs; return how many there were, 0 when it is done.

    Whoever is killed in between leaves nothing half done: each step is a transaction, and what is
    asked twice of a job is refused the second time.
    """
    verb = JOB_VERBS[batch.verb]
    asked = Asked(user=batch.verb_by, keep=bool(batch.cancel_keeps))
    if batch.verb_after == 0:
        moved = together(batch, verb, asked)
        if moved:
            noted(batch, {"jobs": moved}, after=0)
            return moved
    jobs = Job.objects.filter(verb.fit, batch=batch, pk__gt=batch.verb_after)
    some = list(jobs.order_by("pk")[:ALONE])
    if not some:
        carried_out(batch)
        return 0
    tally: Counter[str] = Counter()
    for job in some:
        tally.update(carried_alone(verb, job, asked))
    noted(batch, tally, after=some[-1].pk)
    return len(some)


def together(batch: Batch, verb: JobVerb, asked: Asked) -> int:
    """Do it to jobs that nobody has begun; return to how many."""
    jobs = fresh_jobs(verb, Job.objects.filter(batch=batch))
    if not jobs:
        return 0
    with transaction.atomic():
        return verb.together(jobs, asked)


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
