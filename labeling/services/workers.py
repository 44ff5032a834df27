"""What operators do to workers: hold one back, and let it work again."""

from __future__ import annotations

from django.db.models.functions import Now

from labeling import queue
from labeling.errors import not_found, refused
from labeling.models import User, Worker, WorkerHold


def worker_hold(*, worker_id: int, hold: str, user: User) -> Worker:
    """Have the worker take nothing new (``drained``, ``quarantined``), or parts again (empty).

    What it has it finishes; the claim asks before each part. Raises ``not_found``, ``unknown_hold`` (422).
    """
    if hold not in WorkerHold.values:
        raise refused("unknown_hold", "A worker is drained, quarantined, or takes parts (empty).")
    held = {"held": hold, "held_by": user if hold else None, "held_at": Now() if hold else None}
    if not Worker.objects.filter(pk=worker_id).update(**held):
        raise not_found("worker")
    worker = Worker.objects.select_related("held_by").get(pk=worker_id)
    if not hold:
        for capability in set(worker.capabilities) & {"cpu", "gpu"}:
            queue.ring(capability)
    return worker
