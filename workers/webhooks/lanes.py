"""The order of what is due: within a job one after another, jobs side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from labeling.models import Delivery


class Lanes:
    """Deliveries of one endpoint. Of a job the next one comes once the one before is ``done``."""

    def __init__(self, deliveries: Iterable[Delivery]) -> None:
        # Whose turn it is: what is about no job, and the first of each job that has none under way.
        self.ready: deque[Delivery] = deque()
        self.behind: dict[int, deque[Delivery]] = {}
        for delivery in deliveries:
            if delivery.job_id in self.behind:
                self.behind[delivery.job_id].append(delivery)
                continue
            if delivery.job_id is not None:
                self.behind[delivery.job_id] = deque()
            self.ready.append(delivery)

    def next(self) -> Delivery | None:
        """Take the next one that may be sent now; None while all the others wait, or there are none."""
        return self.ready.popleft() if self.ready else None

    def done(self, delivery: Delivery) -> None:
        """Let the next one of its job follow: this one is delivered, or has failed for good."""
        if delivery.job_id is not None and self.behind[delivery.job_id]:
            self.ready.append(self.behind[delivery.job_id].popleft())
