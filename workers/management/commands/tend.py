"""``manage.py tend``: relay, reaper, batches, rules, watches in one process. Several may run; rows decide."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from workers.abandoned import abandoned_until
from workers.batches import tend_batches
from workers.bulk_actions import tend_bulk_actions
from workers.reaper import reap
from workers.relay import relay
from workers.rules import tend_rules, tend_watches

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Numbers events, rings for work, takes it back from the dead, queues batches, until told to end."""

    help = (
        "Relay events and doorbells, recover the work of the dead, queue batches, follow rules and watches, "
        "until interrupted."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        ending = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            ending.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        # On a thread of its own: the events of running jobs do not wait for thousands of new ones.
        threading.Thread(target=batches_until, args=(ending,), name="batches", daemon=True).start()
        threading.Thread(target=abandoned_until, args=(ending,), name="abandoned", daemon=True).start()
        reap_due = 0.0
        while not ending.is_set():
            safely(relay)
            if time.monotonic() >= reap_due:
                safely(reap)
                reap_due = time.monotonic() + settings.REAPER_SECONDS
            ending.wait(settings.RELAY_SECONDS)


def batches_until(ending: threading.Event) -> None:
    """Get on with batches and what orders them, without a pause while there is something to do."""
    while not ending.is_set():
        steps = (tend_watches, tend_rules, tend_batches, tend_bulk_actions)
        if not sum(safely(step) for step in steps):
            ending.wait(settings.RELAY_SECONDS)


def safely(work: Callable[[], int]) -> int:
    """Return what ``work`` says. A database that is away for a moment must not end the loop."""
    try:
        return work()
    except DatabaseError:
        logger.exception("The database did not answer; trying again.")
        connection.close()
        return 0
