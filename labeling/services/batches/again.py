"""Running a batch again: the same tasks, or those with some outcomes, with changes, linked to the first."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.models import Batch, User
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.orders import BatchOrder, BatchSubmitted, batch_submit
from labeling.services.batches.specification import Specification, specification_read

AGAIN = ("succeeded", "partial", "failed", "cancelled", "skipped")
"""How items may have ended that are run again."""


def again_order(
    *,
    batch: Batch,
    specification: Specification | None = None,
    states: Sequence[str] = (),
    sample: int | None = None,
    name: str = "",
    budget_seconds: float | None = None,
) -> BatchOrder:
    """Return the order over the tasks of ``batch``; ``states``: only those whose items ended so.

    Without a ``specification`` it is the same again.
    """
    return BatchOrder(
        chosen=TaskFilter(batch=batch.pk, outcomes=tuple(states)),
        specification=specification or specification_read(batch.specification),
        sample=sample,
        name=name or batch.name,
        budget_seconds=budget_seconds,
    )


def batch_again(
    *,
    user: User | None,
    batch: Batch,
    specification: Specification | None = None,
    states: Sequence[str] = (),
    sample: int | None = None,
    name: str = "",
    budget_seconds: float | None = None,
    idempotency_key: str | None = None,
) -> BatchSubmitted:
    """Order ``again_order`` as a batch that names ``batch`` its parent. Raises ``no_task_matches`` (422)."""
    order = again_order(
        batch=batch,
        specification=specification,
        states=states,
        sample=sample,
        name=name,
        budget_seconds=budget_seconds,
    )
    return batch_submit(
        user=user, project=batch.project, order=order, idempotency_key=idempotency_key, parent=batch
    )
