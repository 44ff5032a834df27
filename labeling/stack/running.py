"""The stack as the commands run it: with the servers that the settings name, until interrupted."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings

from labeling.stack.stack import Stack


def end_on_signals() -> None:
    """End as Ctrl-C does on every signal that a person or a service sends.

    SIGINT too: a shell that starts a program in the background has it ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def running_stack(data_dir: Path, port: int | None) -> Iterator[Stack]:
    """Start every process and give the stack once its pages answer; end them all on leaving.

    A database or queue that the environment names is used instead of the embedded one.
    """
    stack = Stack(
        data_dir, port, database_url=settings.DATABASE_URL_GIVEN, redis_url=settings.REDIS_URL_GIVEN
    )
    with stack:
        stack.wait_ready()
        yield stack
