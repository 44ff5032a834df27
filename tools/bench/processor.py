"""What a piece of work takes: time, and processor time of this process and of the database's server."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")
# Of /proc/PID/stat, counted behind the program's name: parent, times in user and kernel mode.
PARENT, USER, KERNEL = 1, 11, 12


@dataclass(frozen=True)
class Spent:
    """Seconds: on the clock, of the processor here, and in the database's server where there is one."""

    wall: float
    client: float
    server: float


def spent(work: Callable[[], object]) -> Spent:
    """Do ``work`` and say what it took."""
    server = server_seconds()
    wall, client = time.monotonic(), time.process_time()
    work()
    wall, client = time.monotonic() - wall, time.process_time() - client
    return Spent(wall, client, server_seconds() - server)


def server_seconds() -> float:
    """Processor time so far of the PostgreSQL server that this process is connected to, on this machine."""
    if connection.vendor != "postgresql":
        return 0.0
    family = [stat for stat in stats() if stat[PARENT] == server_pid()]
    return sum(int(stat[USER]) + int(stat[KERNEL]) for stat in family) / TICKS


@cache
def server_pid() -> str:
    """The process whose children serve the connections."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return stat_of(Path(f"/proc/{backend}"))[PARENT]


def stats() -> Iterator[list[str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield stat_of(folder)
        except OSError:
            continue  # It ended meanwhile.


def stat_of(folder: Path) -> list[str]:
    return (folder / "stat").read_text().rsplit(")", 1)[1].split()
