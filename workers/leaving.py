"""A worker that was told to end: it takes no more parts, and gives back the one it runs."""

from __future__ import annotations

import mmap
from typing import Any

from celery.signals import worker_shutting_down

# One byte that a worker shares with the processes it forks: only the parent hears the signal.
told = mmap.mmap(-1, 1)


def leaving() -> bool:
    """True once this worker was told to end."""
    return told[0] != 0


@worker_shutting_down.connect
def leave(**kwargs: Any) -> None:
    told[0] = 1
