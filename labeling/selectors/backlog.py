"""What waits in projects, how long it takes, and who is there to do it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from labeling.models import Job, JobState, Part, PartState
from labeling.selectors.jobs import seconds_for
from labeling.selectors.workers import algorithms_unserved, offered_now, workers_able, workers_taking

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


def backlog(*, projects: Collection[int]) -> Backlog:
    """Return what stands before the workers in these projects, in a fixed number of queries."""
    jobs = Job.objects.filter(project__in=projects)
    failed = Q(state__in=(JobState.FAILED, JobState.PARTIAL), finished_at__gte=timezone.now() - FAILURES_OF)
    # What is queued or running has not finished: said so that the index of what waits is used.
    waiting = costs(Part.objects.filter(project__in=projects, state__in=UNFINISHED, finished_at=None))
    return Backlog(
        running=jobs.filter(state=JobState.RUNNING).count(),
        queued=jobs.filter(state=JobState.QUEUED).count(),
        failures=jobs.filter(failed).count(),
        seconds=drain(waiting),
        online=len(workers_taking()),
        able=workers_for(set(waiting)),
        unserved=algorithms_unserved(projects=projects),
    )


def costs(parts: QuerySet[Part]) -> dict[tuple[str, str], int]:
    """Return what parts come to in frames times objects, by queue and algorithm."""
    rows = parts.order_by().values("capability", "algorithm").annotate(cost=Sum("cost"), count=Count("pk"))
    return {(row["capability"], row["algorithm"]): row["cost"] for row in rows}


def workers_for(algorithms: set[tuple[str, str]]) -> int:
    """Return how many live workers take at least one of these."""
    return max((workers_able(algorithm=one) for one in algorithms & offered_now()), default=0)


def drain(waiting: dict[tuple[str, str], int]) -> tuple[float, float] | None:
    """Return how long the workers that are there need for it, as a range; None when not known.

    One algorithm after the other, since the same workers may run all of them.
    """
    least = most = 0.0
    for algorithm, cost in waiting.items():
        able = workers_able(algorithm=algorithm)
        seconds = seconds_for(algorithm=algorithm[1], object_frames=cost)
        if not able or seconds is None:
            return None
        least, most = least + seconds[0] / able, most + seconds[1] / able
    return (least, most) if waiting else None
