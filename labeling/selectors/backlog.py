"""What waits in projects, how long it takes, and who is there to do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from labeling.models import Job, JobState, Part, PartState
from labeling.selectors.pace import Pace, pace_of
from labeling.selectors.workers import Fleet, Work

FAILURES_OF = timedelta(hours=24)
UNFINISHED = (PartState.QUEUED, PartState.RUNNING)


@dataclass(frozen=True)
class Backlog:
    """``seconds``: until all of it is done, as a range; None when not known, or nobody is there.

    ``able`` of the ``online`` workers take something of it; ``unserved`` is what nobody takes.
    """

    running: int
    queued: int
    failures: int
    seconds: tuple[float, float] | None
    online: int
    able: int
    unserved: list[tuple[str, str]]


def backlog(*, projects: Collection[int], fleet: Fleet | None = None) -> Backlog:
    """Return what stands before the workers in these projects, in a fixed number of queries.

    ``fleet``: the workers, if they are known.
    """
    fleet = fleet or Fleet()
    jobs = Job.objects.filter(project__in=projects)
    failed = Q(state__in=(JobState.FAILED, JobState.PARTIAL), finished_at__gte=timezone.now() - FAILURES_OF)
    queued, unfinished = costs(projects)
    return Backlog(
        running=jobs.filter(state=JobState.RUNNING).count(),
        queued=jobs.filter(state=JobState.QUEUED).count(),
        failures=jobs.filter(failed).count(),
        seconds=drain(unfinished, pace_of(unfinished, fleet=fleet)),
        online=fleet.online,
        able=max((fleet.able[one] for one in unfinished), default=0),
        unserved=sorted(one for one in queued if not fleet.able[one]),
    )


def costs(projects: Collection[int]) -> tuple[Counter[Work], Counter[Work]]:
    """Return what is queued, and what is queued or runs, in frames times objects."""
    queued, unfinished = Counter[Work](), Counter[Work]()
    # What is queued or running has not finished: said so that the index of what waits is used.
    parts = Part.objects.filter(project__in=projects, state__in=UNFINISHED, finished_at=None)
    rows = parts.order_by().values_list("state", "capability", "algorithm").annotate(cost=Sum("cost"))
    for state, capability, algorithm, cost in rows:
        unfinished[capability, algorithm] += cost
        if state == PartState.QUEUED:
            queued[capability, algorithm] += cost
    return queued, unfinished


def drain(unfinished: Mapping[Work, int], pace: Pace) -> tuple[float, float] | None:
    """Return how long the workers that are there need for it, as a range; None when not known."""
    return pace.seconds(unfinished) if unfinished else None
