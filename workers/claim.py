"""Taking the part whose turn it is: priority, then fair share, then age."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from labeling.models import Capability, Job, Part, PartState
from labeling.services.batches.counts import job_moved
from labeling.services.events import job_event_numbered
from labeling.services.fairness import project_charge
from labeling.statements import model_of, places, row_of, run
from workers.meter import Meter

# Priorities lie between 0 and 1.
ABOVE_ALL = 2.0
NEXT = """
WITH waiting AS NOT MATERIALIZED (
    SELECT * FROM labeling_part
    WHERE state = 'queued' AND capability = %s AND algorithm IN ({algorithms})
), level AS (
    SELECT priority FROM waiting WHERE priority < %s ORDER BY priority DESC LIMIT 1
), turn AS (
    SELECT share.project_id, project.weight, project.running_parts_max
    FROM labeling_fairshare share JOIN labeling_project project ON project.id = share.project_id
    WHERE EXISTS (
        SELECT 1 FROM waiting
        WHERE project_id = share.project_id AND priority = (SELECT priority FROM level)
    ) AND (
        project.budget_seconds IS NULL OR share.worker_seconds < project.budget_seconds
    ) AND (
        project.running_parts_max IS NULL
        OR project.running_parts_max > (
            SELECT COUNT(*) FROM labeling_part WHERE project_id = share.project_id AND state = 'running'
        )
    )
    ORDER BY share.served, share.project_id LIMIT 1
)
SELECT level.priority, part.id, part.token, part.job_id, part.project_id,
    part.cost, part.frames_total, part.frames_done,
    turn.weight, turn.running_parts_max
FROM level LEFT JOIN turn ON TRUE LEFT JOIN labeling_part part ON part.id = (
    SELECT id FROM waiting WHERE project_id = turn.project_id AND priority = level.priority
    ORDER BY id LIMIT 1
)
"""
KNOWN = "SELECT held, has_gpu FROM labeling_worker WHERE name = %s"
TAKE = """
UPDATE labeling_part
SET state = 'running', token = token + 1, holder = %s, worker = %s, attempts = attempts + 1,
    lease_expires_at = {lease_end}, progress_at = {now}, started_at = COALESCE(started_at, {now})
WHERE id = %s AND token = %s AND state = 'queued'
"""
STARTED = ("id", "project_id", "task_id", "batch_id", "state", "event_number")
START = f"""
UPDATE labeling_job
SET state = 'running', started_at = COALESCE(started_at, {{now}}), event_number = event_number + 1
WHERE id = %s AND state = 'queued'
RETURNING {", ".join(STARTED)}
"""  # noqa: S608  (names of ours)


class LeaseLost(Exception):
    """Somebody else holds the part now, or nobody may. Whoever gets this writes nothing more."""


@dataclass(frozen=True)
class Lease:
    """The right to write one part, fenced by ``token``."""

    part_id: int
    job_id: int
    token: int
    meter: Meter = field(default_factory=Meter, compare=False, repr=False)

    def rows(self) -> QuerySet[Part]:
        """The part, if this lease still holds: the condition of every UPDATE of its holder."""
        return Part.objects.filter(pk=self.part_id, token=self.token, state=PartState.RUNNING)


@dataclass(frozen=True)
class Candidate:
    """A queued part whose turn it is. ``cost`` is that of the whole part, in frames times objects."""

    part_id: int
    token: int
    job_id: int
    project_id: int
    cost: int
    frames_total: int
    frames_done: int
    weight: float
    running_parts_max: int | None

    @property
    def cost_left(self) -> float:
        """What is left of it to book on its project."""
        return self.cost * (self.frames_total - self.frames_done) / max(self.frames_total, 1)


def lease_end() -> object:
    """When a lease given now runs out, by the database's clock."""
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)


def claim_part(
    *, capability: str, holder: str, algorithms: Collection[str], worker: str = ""
) -> Lease | None:
    """Claim the next part of ``capability`` that one of ``algorithms`` can run; None when there is none.

    ``worker`` is the name by which the holder's worker announces itself: one that an operator holds back
    gets nothing.

    Each try is one transaction whose conditional UPDATE says whether it won; a race lost is tried
    again, since then somebody else made progress.
    """
    held, gpu = row_of(KNOWN, (worker,)) or ("", False)
    if held:
        return None
    while True:
        candidate = next_part(capability=capability, algorithms=algorithms)
        if candidate is None:
            return None
        lease = take(candidate, holder=holder, worker=worker, gpu=bool(gpu) and capability == Capability.GPU)
        if lease is not None:
            return lease


def next_part(*, capability: str, algorithms: Collection[str]) -> Candidate | None:
    """Return the part whose turn it is, walking down the priorities that have queued parts.

    One look-up a priority: of its projects, the one that has had least and is below its cap; of
    that project's parts, the oldest.
    """
    if not algorithms:
        return None
    statement = NEXT.replace("{algorithms}", places(len(algorithms)))
    below = ABOVE_ALL
    while True:
        row = row_of(statement, (capability, *algorithms, below))
        if row is None:
            return None
        priority, *candidate = row
        if candidate[0] is not None:
            return Candidate(*candidate)
        below = priority


def take(candidate: Candidate, *, holder: str, worker: str = "", gpu: bool = False) -> Lease | None:
    """Try to make ``candidate`` ours; None when another was faster or the project is at its cap."""
    with transaction.atomic():
        if not run(TAKE, (holder, worker, candidate.part_id, candidate.token)):
            return None
        start_job(candidate.job_id)
        project_charge(project_id=candidate.project_id, cost=candidate.cost_left, weight=candidate.weight)
        if over_cap(candidate):
            transaction.set_rollback(True)
            return None
    return Lease(candidate.part_id, candidate.job_id, candidate.token + 1, Meter(gpu=gpu))


def start_job(job_id: int) -> None:
    """The first part that is claimed starts its job."""
    row = row_of(START, (job_id,))
    if row is not None:
        job = model_of(Job, STARTED, row)
        job_moved(batch_id=job.batch_id, source="queued", to="running")
        job_event_numbered(job=job, kind="job.started")


def over_cap(candidate: Candidate) -> bool:
    """More parts run than the project may. Its share is locked by the charge, so the count holds."""
    cap = candidate.running_parts_max
    if cap is None:
        return False
    return Part.objects.filter(project_id=candidate.project_id, state=PartState.RUNNING).count() > cap
