"""Moving thousands of jobs that nobody has begun by a few statements. What is begun is left to others.

Each UPDATE names the state it moves from and says whom it moved, so that a worker who was quicker keeps its
job, and the batch's counts stay exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeling import queue
from labeling.models import Batch
from labeling.services.batches.counts import batch_count
from labeling.services.events import jobs_event_write
from labeling.statements import places, rows_of, run

FRESH = """
SELECT id FROM labeling_job
WHERE batch_id = %s AND state = %s AND started_at IS NULL AND labels_written = 0 ORDER BY id LIMIT %s
"""
PARTS = "UPDATE labeling_part SET {changes} WHERE job_id IN ({jobs}) AND state IN ({states})"
JOBS = """
UPDATE labeling_job SET {changes}, event_number = event_number + 1
WHERE id IN ({jobs}) AND state = %s AND started_at IS NULL
RETURNING id
"""
RELEASE = (
    "UPDATE labeling_jobinstance SET active = FALSE WHERE job_id IN ({jobs}) AND active",
    "UPDATE labeling_jobclass SET active = FALSE WHERE job_id IN ({jobs}) AND active",
)
CAPABILITIES = "SELECT DISTINCT capability FROM labeling_part WHERE job_id IN ({jobs}) AND state = 'queued'"


def fresh_jobs(batch: Batch, *, state: str, most: int) -> list[int]:
    """Return jobs of the batch in ``state`` that no worker has ever had."""
    return [pk for (pk,) in rows_of(FRESH, (batch.pk, state, most))]


def jobs_pause(batch: Batch, *, most: int) -> int:
    """Pause jobs that wait; return how many. Within the caller's transaction, as all of these."""
    jobs = fresh_jobs(batch, state="queued", most=most)
    if not jobs:
        return 0
    parts_move(jobs, sources=("queued",), changes="state = 'held'")
    return len(jobs_move(batch, jobs, source="queued", to="paused", kind="job.paused"))


def jobs_resume(batch: Batch, *, most: int) -> int:
    """Queue paused jobs again; return how many."""
    jobs = fresh_jobs(batch, state="paused", most=most)
    if not jobs:
        return 0
    parts_move(jobs, sources=("held",), changes="state = 'queued'")
    moved = jobs_move(batch, jobs, source="paused", to="queued", kind="job.resumed")
    for (capability,) in rows_of(CAPABILITIES.replace("{jobs}", places(len(jobs))), jobs):
        queue.ring_on_commit(capability, times=len(jobs))
    return len(moved)


def jobs_cancel(batch: Batch, *, most: int) -> int:
    """End jobs that wait or are paused; return how many. They wrote nothing, so nothing is taken back."""
    ended = 0
    for source in ("queued", "paused"):
        jobs = fresh_jobs(batch, state=source, most=most)
        if not jobs:
            continue
        parts_move(jobs, sources=("queued", "held"), changes="state = 'cancelled', finished_at = {now}")
        keep = bool(batch.cancel_keeps)
        moved = jobs_move(
            batch,
            jobs,
            source=source,
            to="cancelled",
            kind="job.cancelled",
            payload={"keep": keep},
            changes=f", finished_at = {{now}}, cancel_keeps = {keep}",
        )
        for statement in RELEASE if moved else ():
            run(statement.replace("{jobs}", places(len(moved))), moved)
        ended += len(moved)
    return ended


def parts_move(jobs: Sequence[int], *, sources: Sequence[str], changes: str) -> None:
    statement = PARTS.replace("{changes}", changes).replace("{jobs}", places(len(jobs)))
    run(statement.replace("{states}", places(len(sources))), [*jobs, *sources])


def jobs_move(
    batch: Batch,
    jobs: Sequence[int],
    *,
    source: str,
    to: str,
    kind: str,
    payload: Mapping[str, object] | None = None,
    changes: str = "",
) -> list[int]:
    """Move those of the jobs that are still in ``source``, tell of each, and count them."""
    statement = JOBS.replace("{changes}", f"state = %s{changes}").replace("{jobs}", places(len(jobs)))
    moved = [pk for (pk,) in rows_of(statement, [to, *jobs, source])]
    if moved:
        jobs_event_write(job_ids=moved, kind=kind, payload={"state": to, **(payload or {})})
        batch_count(batch_id=batch.pk, changes={source: -len(moved), to: len(moved)})
    return moved
