"""The real servers that tests talk to, each a child process that ends with the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from labeling.stack.ports import LOOPBACK, free_port, port_answers
from labeling.stack.valkey import Valkey

START_SECONDS = 30.0
STOP_SECONDS = 10.0


class ServerError(Exception):
    """A server did not come up; the message holds the end of its log."""


def wait_until(ready: Callable[[], bool], *, child: subprocess.Popen[bytes], log: Path) -> None:
    """Return once ``ready()`` is true; raise ``ServerError`` if the child ends or time runs out."""
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if child.poll() is not None or time.monotonic() > deadline:
            raise ServerError(log.read_text(errors="replace")[-2000:])
        time.sleep(0.02)


@contextmanager
def running(
    command: Sequence[str],
    *,
    log: Path,
    ready: Callable[[], bool],
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    end: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` in a session of its own, so that a Ctrl-C at the tests does not reach it first.

    ``ready`` is asked until it is true. ``user`` is whom to run as, for servers that refuse root.
    ``end`` is the signal that ends the server without waiting for its clients.
    """
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            user=user,
            cwd=log.parent,
        )
    try:
        wait_until(ready, child=child, log=log)
        yield child
    finally:
        stop(child, end=end)


def stop(child: subprocess.Popen[bytes], *, end: signal.Signals = signal.SIGTERM) -> None:
    """End the child: politely, then not."""
    child.send_signal(end)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


class ValkeyServer:
    """A real Valkey that a test may stop, start and wipe. ``url`` is what ``REDIS_URL`` holds."""

    def __init__(self, folder: Path) -> None:
        self.server = Valkey(folder=folder, port=free_port(), password="of-the-tests")
        self.url = self.server.url
        self.client = redis.Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=5)
        self.child: subprocess.Popen[bytes] | None = None
        self.server.write_config()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = self.server.folder / "valkey.log"
        with log.open("ab") as output:
            child = subprocess.Popen(
                self.server.command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.child = child
        try:
            wait_until(self.answers, child=child, log=log)
        except ServerError:
            stop(child)
            raise

    def answers(self) -> bool:
        """Say whether the server answers a ping."""
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        """End the server. What was appended stays on disk."""
        if self.child is not None:
            stop(self.child)
            self.child = None

    def wipe(self) -> None:
        """Forget every message, as a queue does that lost its disk."""
        self.client.flushall()


def stranger_at(port: int) -> redis.Redis:
    """A client that knows no password and asks once."""
    return redis.Redis(port=port, retry=Retry(NoBackoff(), 0))


@dataclass(frozen=True)
class S3Server:
    """A server that speaks S3. ``strict`` ones check signatures and expiry."""

    endpoint: str
    access_key: str
    secret_key: str
    region: str
    strict: bool


@contextmanager
def moto_running(folder: Path) -> Iterator[S3Server]:
    """moto: broad, but it believes any signature."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", LOOPBACK, "-p", str(port)]
    with running(command, log=folder / "moto.log", ready=lambda: port_answers(port)):
        yield S3Server(f"http://{LOOPBACK}:{port}", "any", "any-secret", "us-east-1", strict=False)


@contextmanager
def nanio_running(folder: Path) -> Iterator[S3Server]:
    """nanio: narrow, but it checks every signature and its expiry."""
    port = free_port()
    data = folder / "nanio"
    data.mkdir()
    server = S3Server(
        f"http://{LOOPBACK}:{port}", "labelyard-tests", "a-secret-of-the-tests", "us-east-1", strict=True
    )
    command = [sys.executable, "-m", "nanio", "serve", "--data-dir", str(data)]
    command += ["--host", LOOPBACK, "--port", str(port), "--log-level", "warning", "--no-access-log"]
    keys = {"NANIO_ACCESS_KEY": server.access_key, "NANIO_SECRET_KEY": server.secret_key}
    with running(command, log=folder / "nanio.log", ready=lambda: port_answers(port), environment=keys):
        yield server
