"""The receiver of ``hook_receiver``, started and asked; and what its log says of loss and order."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Receiver:
    """Where the receiver listens, and what it writes."""

    port: int
    log: Path

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def heard(self) -> int:
        """How many different messages the live endpoints have heard."""
        with urllib.request.urlopen(self.url("/heard"), timeout=60) as answer:  # noqa: S310  (our own)
            return int(answer.read())


@contextmanager
def receiver_running(log: Path) -> Iterator[Receiver]:
    """Run the receiver; its log is whole when this has ended."""
    command = [sys.executable, "-m", "tools.bench.hook_receiver", str(log)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Receiver(int(process.stdout.readline()), log)
    finally:
        process.stdin.close()
        process.wait(timeout=60)


@dataclass(frozen=True)
class Heard:
    """One request of the log, in the order of their arrival."""

    at: float
    path: str
    message: str
    kind: str
    event: int | None
    job: int | None


def log_read(log: Path) -> list[Heard]:
    return [heard_of(line) for line in log.read_bytes().splitlines()]


def heard_of(line: bytes) -> Heard:
    at, path, message, body = line.split(b"\t", 3)
    told = json.loads(body)
    data = told["data"]
    return Heard(float(at), path.decode(), message.decode(), told["type"], data.get("event"), data.get("job"))


def out_of_order(heard: list[Heard]) -> int:
    """How many requests came after a later one of their job, at the same endpoint; repetitions too."""
    last: dict[tuple[str, int], int] = defaultdict(int)
    wrong = 0
    for one in heard:
        if one.job is None or one.event is None:
            continue
        wrong += one.event < last[one.path, one.job]
        last[one.path, one.job] = max(one.event, last[one.path, one.job])
    return wrong
