"""An end for a request as a whole.

Timeouts of sockets begin anew with every byte, so that one byte a second holds a worker for ever. When the
deadline passes, the connection is shut down under whoever reads from it.
"""

from __future__ import annotations

import heapq
import socket
import threading
import time
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection

# Most deadlines are over when they pass: the thread that has them pass wakes for many at once.
GRAIN_SECONDS = 0.05

_here = threading.local()


class Deadline:
    """``with Deadline(seconds)``: connections that this thread opens or uses meanwhile end with it."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self.connection: socket.socket | None = None
        self.seconds = seconds
        self.at: float | None = None
        self.lock = threading.Lock()

    def __enter__(self) -> Self:
        _here.deadline = self
        self.renew(self.seconds)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _here.deadline = None
        with self.lock:
            # From here on the connection may be another request's.
            self.at = None

    def renew(self, seconds: float) -> None:
        """Give what follows its own end; one that has passed has passed."""
        self.at = time.monotonic() + seconds
        alarms.set(self, self.at)

    def watch(self, connection: socket.socket) -> None:
        self.connection = connection
        if self.passed:
            shut(connection)

    def pass_by(self, at: float) -> None:
        """End what is watched, unless the end was put off from ``at``, or is over."""
        with self.lock:
            if self.at != at:
                return
            self.passed = True
            if self.connection is not None:
                shut(self.connection)


class Alarms:
    """One thread that has all deadlines pass: one a request would cost more than the request."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, int, Deadline]] = []
        self.changed = threading.Condition()
        self.numbers = count()
        self.thread: threading.Thread | None = None

    def set(self, deadline: Deadline, at: float) -> None:
        with self.changed:
            heapq.heappush(self.waiting, (at, next(self.numbers), deadline))
            if self.waiting[0][2] is deadline:
                self.changed.notify()
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name="deadlines", daemon=True)
                self.thread.start()

    def run(self) -> None:
        while True:
            at, deadline = self.next_due()
            deadline.pass_by(at)

    def next_due(self) -> tuple[float, Deadline]:
        """Wait for the next deadline, and take it out."""
        with self.changed:
            while True:
                left = self.waiting[0][0] - time.monotonic() if self.waiting else None
                if left is not None and left <= 0:
                    at, _, deadline = heapq.heappop(self.waiting)
                    return at, deadline
                self.changed.wait(None if left is None else max(left, GRAIN_SECONDS))


alarms = Alarms()


def shut(connection: socket.socket) -> None:
    # It may have ended by itself a moment ago. TLS's own way would change what another thread reads from.
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def watched(connection: socket.socket | None) -> None:
    deadline: Deadline | None = getattr(_here, "deadline", None)
    if deadline is not None and connection is not None:
        deadline.watch(connection)


class WatchedHttp(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        watched(self.sock)

    def request(self, *args: Any, **options: Any) -> None:
        watched(self.sock)
        super().request(*args, **options)


class WatchedHttps(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        watched(self.sock)

    def request(self, *args: Any, **options: Any) -> None:
        watched(self.sock)
        super().request(*args, **options)
