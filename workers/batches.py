"""Batches got on with: items become jobs, and what was asked of all jobs is done to each.

Whatever is done is a transaction of its own that begins by moving the batch's row on, so any number of
processes may do this, and one that is killed leaves the next chunk to another.
"""

from __future__ import annotations

import logging

from django.db.models import Q

from labeling.models import Batch, BatchState, BatchVerb
from labeling.services.batches.carrying import batch_carry_next
from labeling.services.batches.queueing import batch_queue_next

logger = logging.getLogger(__name__)
TO_QUEUE = Q(state=BatchState.QUEUEING, paused=False)
AT_ONCE = 20


def tend_batches() -> int:
    """Get one step on with each batch that waits for one; return how many items and jobs were moved."""
    waiting = Batch.objects.filter(TO_QUEUE | ~Q(verb=BatchVerb.NONE)).order_by("pk")
    return sum(step(batch) for batch in waiting[:AT_ONCE])


def step(batch: Batch) -> int:
    if batch.verb:
        return batch_carry_next(batch=batch)
    return batch_queue_next(batch=batch)
