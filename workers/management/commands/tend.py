"""``manage.py tend``: the relay and the reaper in one process. Several may run; rows decide."""

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

from workers.reaper import reap
from workers.relay import relay

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Numbers events, rings for waiting work, takes work back from dead workers; until it is told to end."""

    help = "Relay events and doorbells, and recover the work of dead workers, until interrupted."

    def handle(self, *args: Any, **options: Any) -> None:
        ending = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            ending.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        reap_due = 0.0
        while not ending.is_set():
            safely(relay)
            if time.monotonic() >= reap_due:
                safely(reap)
                reap_due = time.monotonic() + settings.REAPER_SECONDS
            ending.wait(settings.RELAY_SECONDS)


def safely(work: Callable[[], int]) -> None:
    """A database that is away for a moment must not end the loop."""
    try:
        work()
    except DatabaseError:
        logger.exception("The database did not answer; trying again.")
        connection.close()
