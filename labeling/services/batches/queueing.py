"""Making jobs of a batch's items, chunk after chunk: rows say how far it is, so anybody may go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from labeling.errors import LabelyardError
from labeling.models import Batch, BatchItem, BatchState, Project, Task, User
from labeling.services.batches.counts import batch_count
from labeling.services.batches.planning import Outcome, Skip, outcomes, skip_of, tasks_planned
from labeling.services.batches.specification import specification_read
from labeling.services.fairness import project_wakes
from labeling.services.jobs import jobs_store
from labeling.services.overlaps import Prepared
from labeling.statements import run

CHUNK = 250
# Whoever moves ``upto`` first does the chunk; the UPDATE holds the batch until its jobs are stored.
ADVANCE = """
UPDATE labeling_batch SET upto = %s WHERE id = %s AND upto = %s AND state = 'queueing' AND NOT paused
"""
TRIED = "UPDATE labeling_batch SET state = %s WHERE id = %s AND state = 'queueing'"
# A rule may have appended items meanwhile: then it goes on queueing.
WHOLE = f"{TRIED} AND upto >= items_total"
LINK = """
UPDATE labeling_batchitem SET job_id = (
    SELECT job.id FROM labeling_job job
    WHERE job.task_id = labeling_batchitem.task_id AND job.batch_id = labeling_batchitem.batch_id
) WHERE batch_id = %s AND position > %s AND position <= %s
"""


def batch_queue_next(*, batch: Batch) -> int:
    """Give the next items of the batch their jobs or their skips; return how many, 0 when it is not its turn.

    An order that another job came in the way of meanwhile is tried again with fewer items at once, at
    last alone.
    """
    project_wakes(project_id=batch.project_id)
    size = CHUNK
    while True:
        end = min(batch.upto + size, limit_of(batch))
        items = BatchItem.objects.filter(batch=batch, position__gt=batch.upto, position__lte=end)
        pks = list(items.order_by("position").values_list("task_id", flat=True))
        found = outcomes_of(batch, tasks_planned(pks))
        try:
            return chunk_store(batch, found, end=end)
        except IntegrityError:
            if size == 1:
                raise
            size = max(size // 8, 1)


@transaction.atomic
def chunk_store(batch: Batch, found: Sequence[Outcome], *, end: int) -> int:
    """Store what was planned of the items up to ``end``, if nobody else has done so and it is wanted."""
    if end > batch.upto and not run(ADVANCE, (end, batch.pk, batch.upto)):
        return 0
    prepared = [one for one in found if isinstance(one, Prepared)]
    skips = [one for one in found if isinstance(one, Skip)]
    if prepared:
        user = User(pk=batch.created_by_id) if batch.created_by_id else None
        jobs_store(user=user, prepared=prepared, batch_id=batch.pk)
        run(LINK, (batch.pk, batch.upto, end))
    skips_store(batch, skips)
    changes = {"waiting": -len(found), "queued": len(prepared), "skipped": len(skips)}
    batch_count(batch_id=batch.pk, changes=changes)
    batch.upto = end
    if end >= limit_of(batch):
        arrive(batch)
    return len(found)


def limit_of(batch: Batch) -> int:
    """The position up to which items get jobs now: the sample's end until it was found good."""
    if batch.sample is None or batch.sample_good:
        return batch.items_total
    return min(batch.sample, batch.items_total)


def arrive(batch: Batch) -> None:
    """All items that get a job now have it: the batch runs, or its sample does."""
    whole = batch.upto >= batch.items_total
    to = BatchState.RUNNING if whole else BatchState.TRYING
    if run(WHOLE if whole else TRIED, (to.value, batch.pk)):
        batch.state = to
        batch_count(batch_id=batch.pk, changes={"waiting": 0})


def outcomes_of(batch: Batch, tasks: Sequence[Task]) -> list[Outcome]:
    """``outcomes``; where the specification can no longer be carried out at all, every item says so."""
    project = Project.objects.get(pk=batch.project_id)
    specification = specification_read(batch.specification)
    try:
        return outcomes(project=project, specification=specification, tasks=tasks)
    except LabelyardError as error:
        return [skip_of(task, error) for task in tasks]


def skips_store(batch: Batch, skips: Sequence[Skip]) -> None:
    """Keep why tasks got no job; those that share all of it at once."""
    same: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
    for one in skips:
        same[one.reason, one.sentence, one.job].append(one.task.pk)
    for (reason, sentence, job), task_ids in same.items():
        BatchItem.objects.filter(batch=batch, task_id__in=task_ids).update(
            reason=reason, sentence=sentence, job_in_the_way=job
        )


def items_drop(*, batch: Batch) -> None:
    """Let items that still wait go without a job: the batch was cancelled. In the caller's transaction."""
    waiting = BatchItem.objects.filter(batch=batch, position__gt=batch.upto, reason="", job=None)
    dropped = waiting.update(
        reason="batch_cancelled", sentence="The batch was cancelled before this task had its turn."
    )
    batch_count(batch_id=batch.pk, changes={"waiting": -dropped, "skipped": dropped})
