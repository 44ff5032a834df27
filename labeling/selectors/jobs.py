"""Reading jobs: lists, one with its parts, its place in the queue, and how long such work takes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from labeling.errors import not_found
from labeling.models import Event, Job, JobInstance, JobState, Part, PartState, User
from labeling.statements import rows_of

# An estimate is made of so many parts that were done last, and of at least so many.
PAST_PARTS = 50
PAST_PARTS_MIN = 3
LATEST = f"""
SELECT * FROM (
    SELECT id FROM labeling_part
    WHERE algorithm = %s AND state = 'done' AND frames_total > 0 AND finished_at > started_at
    ORDER BY finished_at DESC LIMIT {PAST_PARTS}
) {{one}}
"""  # noqa: S608  (a number of ours)

Range = tuple[float, float]


def job_list(
    *,
    project_id: int,
    state: str | None = None,
    task_id: int | None = None,
    kind: str | None = None,
    author: User | None = None,
) -> QuerySet[Job]:
    """Return jobs of the project with task and people, narrowed by what is given."""
    rows = Job.objects.filter(project_id=project_id).select_related("task", "created_by", "reverted_by")
    if state:
        rows = rows.filter(state=state)
    if task_id is not None:
        rows = rows.filter(task_id=task_id)
    if kind:
        rows = rows.filter(kind=kind)
    return rows if author is None else rows.filter(created_by=author)


def job_get(*, job_id: int) -> Job:
    """Return a job with its task and people. Raises ``not_found``."""
    job = Job.objects.select_related("task", "created_by", "reverted_by").filter(pk=job_id).first()
    if job is None:
        raise not_found("job")
    return job


def part_list(*, job: Job) -> QuerySet[Part]:
    """Return the parts of a job, without what only workers read."""
    return Part.objects.filter(job=job).defer("plan", "checkpoint").order_by("number")


def claimed_instances(*, job: Job) -> list[int]:
    """Return the ids of the instances that the job works on."""
    claims = JobInstance.objects.filter(job=job).order_by("instance_id")
    return list(claims.values_list("instance_id", flat=True))


def job_event_list(*, job: Job) -> QuerySet[Event]:
    """Return what happened to a job."""
    return Event.objects.filter(job=job, number__isnull=False)


def queue_position(*, job: Job) -> int | None:
    """Return how many parts are taken until the job's first one is, itself included; None if none waits.

    By priority and age. Fair shares between projects may let others pass.
    """
    if job.state not in (JobState.QUEUED, JobState.RUNNING):
        return None
    queued = Part.objects.filter(state=PartState.QUEUED)
    own = queued.filter(job=job).order_by("-priority", "id").values("id", "priority", "capability").first()
    if own is None:
        return None
    ahead = Q(priority__gt=own["priority"]) | Q(priority=own["priority"], id__lt=own["id"])
    return queued.filter(ahead, capability=own["capability"]).count() + 1


def seconds_for(*, algorithm: str, object_frames: int) -> tuple[float, float] | None:
    """Return how long so many frames times objects take, as a range, judged by parts done lately.

    The range is that of the middle eight tenths of their speeds. None when too few were done.
    """
    speeds = speeds_of(algorithm)
    if speeds is None:
        return None
    slowest, fastest = speeds
    return round(object_frames / fastest, 1), round(object_frames / slowest, 1)


def speeds_of(algorithm: str) -> tuple[float, float] | None:
    """Return the slowest and the fastest speed ``seconds_for`` goes by, in frames times objects a second."""
    return speeds_of_each([algorithm]).get(algorithm)


def speeds_of_each(algorithms: Collection[str]) -> dict[str, Range]:
    """``speeds_of`` for several algorithms, those that are known; two queries, however many."""
    names = sorted(set(algorithms))
    latest = " UNION ALL ".join(LATEST.replace("{one}", f"done_{number}") for number in range(len(names)))
    pks = [pk for (pk,) in rows_of(latest, names)] if names else []
    speeds: dict[str, list[float]] = defaultdict(list)
    for algorithm, cost, start, end in Part.objects.filter(pk__in=pks).values_list(
        "algorithm", "cost", "started_at", "finished_at"
    ):
        if start and end and end > start:
            speeds[algorithm].append(cost / (end - start).total_seconds())
    return {name: middle(some) for name, some in speeds.items() if len(some) >= PAST_PARTS_MIN}


def middle(speeds: Sequence[float]) -> Range:
    """The ends of the middle eight tenths."""
    ordered, tenth = sorted(speeds), math.floor(len(speeds) / 10)
    return ordered[tenth], ordered[-1 - tenth]
