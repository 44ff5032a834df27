"""A part in a worker's hands."""

from __future__ import annotations

from dataclasses import dataclass

from workers.claim import Lease
from workers.heartbeat import Watch
from workers.work import Work


class Stopped(Exception):
    """The job was paused or cancelled, or the worker ends: not a failure."""


@dataclass
class Taken:
    """A claimed part with all that belongs to it."""

    lease: Lease
    work: Work
    watch: Watch
