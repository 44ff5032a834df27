"""Asking the supervisor how its programs are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xmlrpc.client import ServerProxy

from labeling.stack.configuration import RPC_USER
from labeling.stack.ports import LOOPBACK

RUNNING = "RUNNING"
# The supervisor waits before it tries again; or it has given up.
FAILING = ("BACKOFF", "FATAL")


@dataclass(frozen=True)
class Control:
    """The supervisor's own door: a port of loopback behind a password."""

    port: int
    password: str

    def programs(self) -> list[dict[str, Any]]:
        """Return what the supervisor knows of each program; nothing while it does not answer yet."""
        try:
            with ServerProxy(f"http://{RPC_USER}:{self.password}@{LOOPBACK}:{self.port}/RPC2") as supervisor:
                answer = supervisor.supervisor.getAllProcessInfo()
        except OSError:
            return []
        return list(answer) if isinstance(answer, list) else []

    def states(self) -> dict[str, str]:
        """Return the supervisor's word for each program's state, by name."""
        return {row["name"]: row["statename"] for row in self.programs()}

    def pids(self) -> dict[str, int]:
        """Return the process ids of the programs that live, by name."""
        return {row["name"]: row["pid"] for row in self.programs() if row["pid"]}
