"""The supervisor's process: ``python -m labeling.stack.supervision CONFIG PARENT``.

It is supervisord with two habits more. It ends when the process that started it is gone, and its
children end when it is gone itself, however either was killed (on Linux). And when a program dies
of a kill, what that program had started dies too, before a second one works beside it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

from supervisor.medusa import asyncore_25 as asyncore
from supervisor.options import ServerOptions
from supervisor.supervisord import Supervisor

from labeling.stack.processes import orphans, send

PR_SET_PDEATHSIG = 1
# Loaded before any fork: nothing may be imported between a fork and its exec.
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent of this process ends."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class HouseSupervisor(Supervisor):  # type: ignore[misc]
    """supervisord that leaves no orphan alive. It is asked at least once a second."""

    def tick(self, now: float | None = None) -> None:
        super().tick(now)
        for process in orphans(os.getpid()):
            self.options.logger.warn(f"killing {process.pid}, left behind by a program that ended")
            send(process, signal.SIGKILL)


def supervise(config: str) -> None:
    """Run until told to end by SIGTERM."""
    options = ServerOptions()
    options.realize(["-c", config, "-n"])
    options.first = True
    options.test = False
    with suppress(asyncore.ExitNow):
        HouseSupervisor(options).main()
    options.close_httpservers()
    options.close_logger()


def main(config: str, parent: int) -> None:
    end_with_parent()
    if os.getppid() != parent:
        return  # it ended before we could ask
    os.register_at_fork(after_in_child=end_with_parent)
    supervise(config)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
