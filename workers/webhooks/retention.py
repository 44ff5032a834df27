"""The log does not grow for ever."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from labeling.models import Delivery

ROWS = 1000
EVERY_SECONDS = 60.0


class Retention:
    """Deletes old deliveries a few at a time, once a minute: nobody waits for it."""

    def __init__(self) -> None:
        self.due = 0.0

    def forget_if_due(self) -> int:
        """Delete what is older than the log is kept, at most 1,000 deliveries; return how many."""
        if time.monotonic() < self.due:
            return 0
        deleted = forget()
        if deleted < ROWS:
            self.due = time.monotonic() + EVERY_SECONDS
        return deleted


def forget() -> int:
    """Delete the oldest deliveries with their attempts, also what still waits for a paused endpoint."""
    old = Delivery.objects.filter(created_at__lt=Now() - timedelta(days=settings.WEBHOOK_LOG_DAYS))
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:ROWS])
    Delivery.objects.filter(pk__in=ids).delete()
    return len(ids)


retention = Retention()
