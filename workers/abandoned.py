"""Removing what abandoned uploads left in the bucket, now and then."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, connection

from labeling.media.errors import StorageError
from labeling.services.abandoned_uploads import abandoned_remove

logger = logging.getLogger(__name__)
EVERY_SECONDS = 60.0


def abandoned_until(ending: threading.Event) -> None:
    """Look once a minute, until told to end. A store that is away holds up nothing else."""
    while not ending.is_set():
        try:
            abandoned_remove()
        except StorageError as error:
            logger.warning("What is left of uploads is removed later: %s", error.sentence)
        except DatabaseError:
            logger.exception("The database did not answer; trying again.")
            connection.close()
        ending.wait(EVERY_SECONDS)
