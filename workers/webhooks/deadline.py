"""An end for a request as a whole.

Timeouts of sockets begin anew with every byte, so that one byte a second holds a worker for ever. When the
deadline passes, the connection is shut down under whoever reads from it.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection

_here = threading.local()


class Deadline:
    """``with Deadline(seconds)``: connections that this thread opens or uses meanwhile end with it."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self.connection: socket.socket | None = None
        self.timer = threading.Timer(seconds, self.pass_by)

    def __enter__(self) -> Self:
        _here.deadline = self
        self.timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        _here.deadline = None

    def renew(self, seconds: float) -> None:
        """Give what follows its own end; one that has passed has passed."""
        self.timer.cancel()
        self.timer = threading.Timer(seconds, self.pass_by)
        self.timer.start()

    def watch(self, connection: socket.socket) -> None:
        self.connection = connection
        if self.passed:
            shut(connection)

    def pass_by(self) -> None:
        self.passed = True
        if self.connection is not None:
            shut(self.connection)


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
