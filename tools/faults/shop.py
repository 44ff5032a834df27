"""Workers and tend as processes of their own, to be killed, frozen and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from labeling.models import Part, PartState

# Short leases, so that a death is noticed within a second and many fit into a run.
HASTE = {
    "LABELYARD_LEASE_SECONDS": "1.0",
    "LABELYARD_HEARTBEAT_SECONDS": "0.25",
    "LABELYARD_COMMIT_SECONDS": "0.1",
    "LABELYARD_REAPER_SECONDS": "0.2",
    "LABELYARD_LOSSES_MAX": "1000",
    "LABELYARD_SCRIPTED_BACKEND": "1",
    "LABELYARD_LOG_LEVEL": "WARNING",
}
POLL_SECONDS = 0.02


class Shop:
    """So many bulk workers of one process each, and tend, on the database of ``environment``.

    ``hasty`` ones have short leases, so that a death is noticed within a second. ``queues`` as Celery
    takes them, separated by commas.
    """

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        workers: int,
        logs: Path,
        hasty: bool = True,
        queues: str = "cpu",
    ) -> None:
        self.environment = {**environment, **(HASTE if hasty else {})}
        self.logs = logs
        self.count = workers
        self.queues = queues
        self.workers: list[subprocess.Popen[bytes]] = []
        self.tend: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.workers = [self.start_worker() for _ in range(self.count)]
        self.tend = self.start("tend", [sys.executable, "-m", "django", "tend"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in [*self.workers, *([self.tend] if self.tend else [])]:
            kill_group(process)

    def start_worker(self) -> subprocess.Popen[bytes]:
        name = f"worker-{len(self.workers)}-{time.monotonic_ns()}@%h"
        command = [sys.executable, "-m", "celery", "-A", "workers.app", "worker", "-Q", self.queues]
        command += [
            "-P",
            "prefork",
            "-c",
            "1",
            "-n",
            name,
            "--without-mingle",
            "--without-gossip",
            "-l",
            "warning",
        ]
        return self.start("worker", command)

    def start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def replace_dead(self) -> None:
        """Start a worker for each that is gone, as a supervisor does."""
        for index, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[index] = self.start_worker()

    def kill_worker(self, index: int) -> None:
        """kill -9 of a whole worker: the parent and the process that runs parts."""
        kill_group(self.workers[index])


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def holder_pid(part: Part) -> int | None:
    """Return the process that holds the part, if it runs on this host."""
    host, _, pid = part.holder.rpartition(":")
    return int(pid) if host == socket.gethostname() and pid.isdigit() else None


def running_part() -> Part | None:
    """Return a part that runs now."""
    return Part.objects.filter(state=PartState.RUNNING).order_by("?").first()


def wait_for(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until ``condition`` holds; raise ``TimeoutError`` that names ``what`` when it never does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"After {seconds:.0f} s still not: {what}.")
        time.sleep(POLL_SECONDS)
