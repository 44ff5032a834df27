"""How long a worker has had a part: told in pieces, so that each second is booked once."""

from __future__ import annotations

import time


class Meter:
    """Runs from the claim on. ``gpu``: the worker's models run on a GPU."""

    def __init__(self, *, gpu: bool = False) -> None:
        self.gpu = gpu
        self.clock = time.monotonic
        self.since = self.clock()

    def take(self) -> float:
        """Return the seconds since the claim, or since they were taken last."""
        before, self.since = self.since, self.clock()
        return self.since - before
