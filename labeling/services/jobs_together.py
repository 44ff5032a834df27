"""Moving thousands of jobs that nobody has begun, of any batches, by a few statements. Others are left alone.

Each UPDATE names the state it moves from and says whom it moved, so that a worker who was quicker keeps its
job, and the batches' counts stay exact. Such a job is one part: nothing of it runs while the rest is moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Q

from labeling import queue
from labeling.services.batches.counts import batch_count
from labeling.services.events import jobs_event_write
from labeling.statements import places, rows_of, run

PARTS = "UPDATE labeling_part SET {changes} WHERE job_id IN ({jobs}) AND state IN ({states})"
JOBS = """
UPDATE labeling_job SET {changes}, event_number = event_number + 1
WHERE id IN ({jobs}) AND state = %s AND started_at IS NULL
RETURNING id, batch_id
"""
RELEASE = (
    "UPDATE labeling_jobinstance SET active = FALSE WHERE job_id IN ({jobs}) AND active",
    "UPDATE labeling_jobclass SET active = FALSE WHERE job_id IN ({jobs}) AND active",
)
CAPABILITIES = "SELECT DISTINCT capability FROM labeling_part WHERE job_id IN ({jobs}) AND state = 'queued'"


FRESH = Q(batch__isnull=False, started_at=None, labels_written=0)
"""Jobs that may be moved together."""


def jobs_pause(jobs: Sequence[int]) -> int:
    """Pause those of the jobs that wait; return how many. Within the caller's transaction, as all here."""
    parts_move(jobs, sources=("queued",), changes="state = 'held'")
    return len(jobs_move(jobs, source="queued", to="paused", kind="job.paused"))


def jobs_resume(jobs: Sequence[int]) -> int:
    """Queue those of the jobs again that are paused; return how many. Their projects were woken."""
    parts_move(jobs, sources=("held",), changes="state = 'queued'")
    moved = jobs_move(jobs, source="paused", to="queued", kind="job.resumed")
    for (capability,) in rows_of(CAPABILITIES.replace("{jobs}", places(len(jobs))), jobs):
        queue.ring_on_commit(capability, times=len(jobs))
    return len(moved)


def jobs_cancel(jobs: Sequence[int], *, keep: bool) -> int:
    """End those of the jobs that wait or are paused; return how many. They wrote nothing to take back."""
    parts_move(jobs, sources=("queued", "held"), changes="state = 'cancelled', finished_at = {now}")
    ended = []
    for source in ("queued", "paused"):
        ended += jobs_move(
            jobs,
            source=source,
            to="cancelled",
            kind="job.cancelled",
            payload={"keep": keep},
            changes=f", finished_at = {{now}}, cancel_keeps = {keep}",
        )
    for statement in RELEASE if ended else ():
        run(statement.replace("{jobs}", places(len(ended))), ended)
    return len(ended)


def parts_move(jobs: Sequence[int], *, sources: Sequence[str], changes: str) -> None:
    statement = PARTS.replace("{changes}", changes).replace("{jobs}", places(len(jobs)))
    run(statement.replace("{states}", places(len(sources))), [*jobs, *sources])


def jobs_move(
    jobs: Sequence[int],
    *,
    source: str,
    to: str,
    kind: str,
    payload: Mapping[str, object] | None = None,
    changes: str = "",
) -> list[int]:
    """Move those of the jobs that are still in ``source``, tell of each, and count them in their batches."""
    statement = JOBS.replace("{changes}", f"state = %s{changes}").replace("{jobs}", places(len(jobs)))
    moved = rows_of(statement, [to, *jobs, source])
    pks = [pk for pk, _ in moved]
    jobs_event_write(job_ids=pks, kind=kind, payload={"state": to, **(payload or {})})
    # In one order everywhere, so that nobody waits in a circle.
    for batch_id, count in sorted(Counter(batch_id for _, batch_id in moved).items()):
        batch_count(batch_id=batch_id, changes={source: -count, to: count})
    return pks
