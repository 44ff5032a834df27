"""Ordering a batch: the filter is frozen as a list, and the rest is done behind the request."""

from __future__ import annotations

import hashlib
import json
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from labeling.errors import refused
from labeling.models import Batch, BatchState, Project, User
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.specification import Specification, specification_check
from labeling.services.events import event_write
from labeling.statements import places, rows_of, run

SAMPLE_MAX = 1000
NUMBERED = (
    "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM ({chosen}) found) numbered "
)
FREEZE = """
INSERT INTO labeling_batchitem (batch_id, task_id, position, reason, sentence)
SELECT %s, id, ROW_NUMBER() OVER (ORDER BY {sampled} id), '', '' FROM ({chosen}) found
"""


@dataclass(frozen=True)
class BatchOrder:
    """What is ordered. ``sample``: so many tasks by chance are tried before the rest; None is all at once.

    ``budget_seconds`` of workers: once they are spent the batch is paused; None is no limit.
    """

    chosen: TaskFilter
    specification: Specification
    sample: int | None = None
    name: str = ""
    budget_seconds: float | None = None

    def digest(self) -> str:
        """Equal for equal orders."""
        told = [self.chosen.to_json(), self.specification.to_json(), self.sample, self.budget_seconds]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class BatchSubmitted:
    """``created`` is False when the idempotency key had been used for this very order before."""

    batch: Batch
    created: bool


def batch_submit(
    *,
    user: User | None,
    project: Project,
    order: BatchOrder,
    idempotency_key: str | None = None,
    parent: Batch | None = None,
) -> BatchSubmitted:
    """Freeze the tasks that match now, and have their jobs queued chunk by chunk.

    Raises 422 for a specification that cannot run, for a filter that matches nothing
    (``no_task_matches``), and for a key of another order (``idempotency_key_reused``).
    """
    known = batch_submitted_before(project=project, order=order, key=idempotency_key)
    if known:
        return known
    specification_check(project=project, specification=order.specification)
    if order.sample is not None and not 1 <= order.sample <= SAMPLE_MAX:
        raise refused("sample_out_of_range", f"A sample has 1 to {SAMPLE_MAX} tasks.")
    try:
        with transaction.atomic():
            batch = batch_store(user=user, project=project, order=order, key=idempotency_key, parent=parent)
    except IntegrityError:
        known = batch_submitted_before(project=project, order=order, key=idempotency_key)
        if known:
            return known
        raise
    return BatchSubmitted(batch, created=True)


def batch_submitted_before(*, project: Project, order: BatchOrder, key: str | None) -> BatchSubmitted | None:
    batch = Batch.objects.filter(project=project, idempotency_key=key).first() if key else None
    if batch is None:
        return None
    if batch.order_digest != order.digest():
        raise refused(
            "idempotency_key_reused",
            f"The idempotency key was used for another order (batch {batch.pk}). Use a new key.",
            batch=batch.pk,
        )
    return BatchSubmitted(batch, created=False)


def batch_store(
    *, user: User | None, project: Project, order: BatchOrder, key: str | None, parent: Batch | None
) -> Batch:
    batch = Batch.objects.create(
        project=project,
        parent=parent,
        name=order.name,
        kind=order.specification.kind.value,
        state=BatchState.QUEUEING,
        filter=order.chosen.to_json(),
        specification=order.specification.to_json(),
        seed=secrets.randbelow(2**31 - 2) + 1,
        sample=order.sample,
        budget_seconds=order.budget_seconds,
        idempotency_key=key or None,
        order_digest=order.digest() if key else "",
        created_by=user,
    )
    batch.items_total = batch.count_waiting = items_freeze(batch=batch, order=order)
    if not batch.items_total:
        raise refused("no_task_matches", "No task of this project matches, so there is nothing to run.")
    batch.save(update_fields=["items_total", "count_waiting"])
    payload = {"batch": batch.pk, "tasks": batch.items_total}
    event_write(kind="batch.queued", project_id=project.pk, payload=payload)
    return batch


def items_freeze(*, batch: Batch, order: BatchOrder) -> int:
    """Keep the tasks that match now as items, the sample's first; return how many there are."""
    rows = order.chosen.rows(project_id=batch.project_id).select_related(None).order_by()
    statement, values = rows.values("id").query.sql_with_params()
    sample = sample_of(batch, statement, values, count=rows.count()) if batch.sample else []
    sampled = f"CASE WHEN id IN ({places(len(sample))}) THEN 0 ELSE 1 END," if sample else ""
    freeze = FREEZE.replace("{sampled}", sampled).replace("{chosen}", statement)
    return run(freeze, [batch.pk, *sample, *values])


def sample_of(batch: Batch, statement: str, values: Sequence[Any], *, count: int) -> list[int]:
    """Return the ids of the tasks that are tried first, drawn by the batch's seed.

    ``statement`` selects the ids of all ``count`` tasks that were chosen.
    """
    drawn = random.Random(batch.seed).sample(range(1, count + 1), min(batch.sample or 0, count))  # noqa: S311
    if not drawn:
        return []
    numbered = NUMBERED.replace("{chosen}", statement) + f"WHERE place IN ({places(len(drawn))})"
    return [pk for (pk,) in rows_of(numbered, [*values, *drawn])]
