"""One stack a data folder: the lock that a second one meets."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from labeling.errors import conflict


class FolderLock:
    """Held from ``take`` until every process that inherited ``descriptor`` has closed it.

    The kernel gives it up with the last of them, so that a killed stack leaves no stale lock.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor: int | None = None

    def take(self, *, note: str) -> None:
        """Take the lock and leave ``note`` for whoever comes second.

        Raises ``stack_running`` (409) with the note of the holder when somebody has it.
        """
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 1000).decode(errors="replace").strip()
            os.close(descriptor)
            raise conflict(
                "stack_running",
                f"A stack runs on this data folder already ({holder or 'it has only just started'}). "
                "Stop it first, or choose another folder with --data.",
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, note.encode())
        self.descriptor = descriptor

    def release(self) -> None:
        """Close this process's hold. Does nothing when there is none."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
