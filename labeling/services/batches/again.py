"""Running a batch again: the same tasks, or those with some outcomes, with changes, linked to the first."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.models import Batch, User
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.orders import BatchOrder, BatchSubmitted, batch_submit
from labeling.services.batches.specification import Specification, specification_read


def batch_again(
    *,
    user: User | None,
    batch: Batch,
    specification: Specification | None = None,
    states: Sequence[str] = (),
    sample: int | None = None,
    name: str = "",
    idempotency_key: str | None = None,
) -> BatchSubmitted:
    """Order a batch over the tasks of ``batch``; ``states``: only those whose items ended so.

    Without a ``specification`` it is the same again. Raises ``no_task_matches`` (422).
    """
    order = BatchOrder(
        chosen=TaskFilter(batch=batch.pk, outcomes=tuple(states)),
        specification=specification or specification_read(batch.specification),
        sample=sample,
        name=name or batch.name,
    )
    return batch_submit(
        user=user, project=batch.project, order=order, idempotency_key=idempotency_key, parent=batch
    )
