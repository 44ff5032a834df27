"""Renewing the lease of a row while its holder works on it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.db.models.functions import Now

logger = logging.getLogger(__name__)


@contextmanager
def renewing(held: QuerySet[Any], *, what: str) -> Iterator[None]:
    """Renew the lease of ``held``, the row as its holder has it, until the end of the block."""
    ended = threading.Event()
    beat = threading.Thread(target=renew, args=(held, what, ended), name="renewing", daemon=True)
    beat.start()
    try:
        yield
    finally:
        ended.set()
        beat.join()


def renew(held: QuerySet[Any], what: str, ended: threading.Event) -> None:
    while not ended.wait(settings.HEARTBEAT_SECONDS):
        try:
            held.update(lease_expires_at=Now() + timedelta(seconds=settings.LEASE_SECONDS))
        except DatabaseError as error:
            logger.warning("Heartbeat of %s failed: %s", what, error)
            connection.close()
    connection.close()
