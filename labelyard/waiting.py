"""Waiting for what the server does, by asking: soon at first, then every two seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from labelyard.errors import LabelyardError

FIRST_PAUSE_SECONDS = 0.1
PAUSE_MAX_SECONDS = 2.0

T = TypeVar("T")


def awaited(
    ask: Callable[[], T],
    *,
    ended: Callable[[T], bool],
    seconds: float,
    progress: Callable[[T], object] | None,
    what: str,
) -> T:
    """Ask until the answer has ended, and return it. ``progress`` is called with every answer.

    Raises ``wait_timeout`` after ``seconds``: what was waited for goes on at the server.
    """
    until = time.monotonic() + seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        answer = ask()
        if progress is not None:
            progress(answer)
        if ended(answer):
            return answer
        if time.monotonic() + pause > until:
            sentence = f"{what} has not ended after {seconds:g} s. It goes on at the server."
            raise LabelyardError("wait_timeout", sentence)
        time.sleep(pause)
        pause = min(pause * 1.5, PAUSE_MAX_SECONDS)
