"""Waiting in tests: for a condition, with an end."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Return as soon as ``condition()`` is true; fail with ``what`` was waited for when time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"Waited {seconds} seconds for {what}."
        time.sleep(0.05)
