"""Which workers are alive, and what waits for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from itertools import product

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from labeling.models import Capability, Part, PartState, Worker, WorkerHold

Work = tuple[str, str]
"""Queue and algorithm."""

DETECTING = "detect:"
"""What parts that detect name before their detector: trackers and detectors may have one name."""


def detecting_algorithm(detector: str) -> str:
    """Return what parts name that run ``detector``."""
    return f"{DETECTING}{detector}"


def worker_list() -> QuerySet[Worker]:
    """Return the workers that were heard of lately, by the database's clock, and have not left since."""
    stale = timedelta(seconds=settings.WORKER_STALE_SECONDS)
    return Worker.objects.filter(seen_at__gte=Now() - stale, left_at=None).order_by("name")


def workers_taking() -> list[Worker]:
    """Return the live workers that no operator holds back."""
    return list(worker_list().filter(held=WorkerHold.NONE))


class Fleet:
    """The live workers that no operator holds back, read once for all that is asked of them."""

    def __init__(self) -> None:
        takes = [(worker.capabilities, runs(worker)) for worker in workers_taking()]
        self.online = len(takes)
        self.able: Counter[Work] = Counter(
            work for queues, algorithms in takes for work in product(queues, algorithms)
        )
        """How many of them take each work; 0 of what none takes."""


def workers_idle(*, capability: Capability, algorithm: str) -> int:
    """Return how many live workers that run ``algorithm`` have nothing to do, now and next."""
    able = sum(capability in worker.capabilities and algorithm in runs(worker) for worker in workers_taking())
    busy = Part.objects.filter(capability=capability, state__in=[PartState.QUEUED, PartState.RUNNING])
    return max(0, able - busy.count())


def workers_able(*, algorithm: tuple[str, str]) -> int:
    """Return how many live workers take parts of this queue and algorithm."""
    return Fleet().able[algorithm]


def algorithms_unserved() -> list[Work]:
    """Return queue and algorithm of what is queued and no live worker takes."""
    queued = Part.objects.filter(state=PartState.QUEUED).order_by()
    waiting = set(queued.values_list("capability", "algorithm").distinct())
    return sorted(waiting - offered_now()) if waiting else []


def jobs_without_worker(job_ids: Collection[int], *, fleet: Fleet | None = None) -> set[int]:
    """Return those of the jobs whose queued parts no live worker can take. Two queries, however many jobs.

    ``fleet``: the workers, if they are known.
    """
    waiting = set(
        Part.objects.filter(job_id__in=job_ids, state=PartState.QUEUED)
        .order_by()
        .values_list("job_id", "capability", "algorithm")
        .distinct()
    )
    if not waiting:
        return set()
    able = (fleet or Fleet()).able
    return {job_id for job_id, capability, algorithm in waiting if not able[capability, algorithm]}


def offered_now() -> set[Work]:
    """Return what live workers that are not held back take: queue and algorithm."""
    return set(Fleet().able)


def runs(worker: Worker) -> set[str]:
    """Return the algorithms of the parts that the worker can run."""
    return {*worker.algorithms, *(detecting_algorithm(name) for name in worker.detectors)}
