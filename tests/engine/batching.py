"""Short words for tests of batches: many tasks, an order, getting on with it."""

from __future__ import annotations

from typing import Any

from labeling.models import COUNTS, Batch, BatchItem, Job, Project, Task, User
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.orders import BatchOrder, batch_submit
from labeling.services.batches.specification import BatchSpan, SpanKind, Specification
from labeling.services.orders import Order, TrackOrder
from tests import factories
from tests.engine.ordering import seeded_instance
from workers.batches import tend_batches

SPAN = BatchSpan(SpanKind.FIXED, first=0, last=9)


def seeded_tasks(project: Project, count: int, *, frames: int = 20) -> list[Task]:
    """Tasks of a media each, with an object that has a box on the first frame."""
    tasks = [
        factories.make_task(media=factories.make_media(project=project, frames=frames)) for _ in range(count)
    ]
    for task in tasks:
        seeded_instance(task)
    return tasks


def tracking(*, classes: tuple[int, ...] = (), span: BatchSpan = SPAN, **words: Any) -> Specification:
    """Track all objects over ten frames with the scripted tracker."""
    words.setdefault("algorithm", "scripted")
    return Specification(TrackOrder(instances=(), first_frame=0, last_frame=0, **words), span, classes)


def specified(template: Order, span: BatchSpan = BatchSpan()) -> Specification:  # noqa: B008  (frozen)
    return Specification(template, span)


def ordered(
    project: Project,
    *,
    chosen: TaskFilter = TaskFilter(),  # noqa: B008  (frozen)
    specification: Specification | None = None,
    sample: int | None = None,
    key: str | None = None,
    user: User | None = None,
) -> Batch:
    """Order a batch; none of its jobs is queued yet."""
    order = BatchOrder(chosen=chosen, specification=specification or tracking(), sample=sample)
    return batch_submit(user=user, project=project, order=order, idempotency_key=key).batch


def queued(project: Project, **words: Any) -> Batch:
    """Order a batch and get on with it until nothing is left to queue."""
    return tended(ordered(project, **words))


def tended(batch: Batch) -> Batch:
    """Get on with batches until nothing is left to do."""
    for _ in range(1000):
        before = progress()
        if not tend_batches() and progress() == before:
            break
    batch.refresh_from_db()
    return batch


def progress() -> list[tuple[Any, ...]]:
    return list(Batch.objects.order_by("pk").values_list("state", "verb", "verb_after", "upto"))


def counts(batch: Batch) -> dict[str, int]:
    """What the batch says of itself, without the zeros."""
    batch.refresh_from_db()
    told = {name: getattr(batch, f"count_{name}") for name in COUNTS}
    return {name: count for name, count in told.items() if count}


def recount(batch: Batch) -> dict[str, int]:
    """The same, counted from the rows."""
    found = dict.fromkeys(COUNTS, 0)
    for item in BatchItem.objects.filter(batch=batch).select_related("job"):
        found[item.job.state if item.job else "skipped" if item.reason else "waiting"] += 1
    assert (
        Job.objects.filter(batch=batch).count()
        == BatchItem.objects.filter(batch=batch, job__isnull=False).count()
    )
    return {name: count for name, count in found.items() if count}
