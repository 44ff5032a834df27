"""The transitions of jobs. Each is a conditional UPDATE that says whether it won.

Rows are locked in one order everywhere: parts, then task and labels, then the job, then fair shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from labeling import queue
from labeling.errors import LabelyardError, conflict
from labeling.models import FINAL_STATES, Job, JobClass, JobInstance, JobState, Part, PartState
from labeling.services.batches.counts import job_moved
from labeling.services.events import job_event_numbered, job_event_write
from labeling.services.fairness import project_wakes
from labeling.statements import Row, row_of, rows_of, run

# State, error and whether frames or instances failed, of all parts of a job.
PARTS = """
SELECT state, error_code, error, failures <> '[]' FROM labeling_part WHERE job_id = %s ORDER BY number
"""
FINISH = """
UPDATE labeling_job
SET state = %s, error_code = %s, error = %s, finished_at = {now}, event_number = event_number + 1
WHERE id = %s AND state IN ('queued', 'running', 'paused')
RETURNING event_number
"""
RELEASE = (
    "UPDATE labeling_jobinstance SET active = FALSE WHERE job_id = %s AND active",
    "UPDATE labeling_jobclass SET active = FALSE WHERE job_id = %s AND active",
)
LIVE_PARTS = (PartState.QUEUED, PartState.HELD, PartState.RUNNING)


def refused_transition(job: Job, verb: str) -> LabelyardError:
    return conflict(
        "job_state",
        f"The job is {JobState(job.state).label.lower()}, so it cannot be {verb}.",
        state=job.state,
    )


def job_move(*, job: Job, to: JobState, sources: Sequence[JobState], **changes: object) -> bool:
    """Move ``job`` to ``to`` if it is in one of ``sources`` now; say whether this call did it.

    Its row is locked before, so that its batch counts the state that it came from.
    """
    lock_job(job)
    source = job.state
    won = Job.objects.filter(pk=job.pk, state__in=sources).update(state=to, **changes)
    if won:
        job_moved(batch_id=job.batch_id, source=source, to=to.value)
    job.refresh_from_db()
    return bool(won)


@transaction.atomic
def job_pause(*, job: Job) -> Job:
    """Hold the queued parts back; running ones stop at their next commit."""
    Part.objects.filter(job=job, state=PartState.QUEUED).update(state=PartState.HELD)
    if not job_move(job=job, to=JobState.PAUSED, sources=(JobState.QUEUED, JobState.RUNNING)):
        raise refused_transition(job, "paused")
    job_event_write(job=job, kind="job.paused")
    return job


def job_resume(*, job: Job) -> Job:
    """Queue the parts that were held back."""
    project_wakes(project_id=job.project_id)
    with transaction.atomic():
        release_held_parts(job)
    return job


def release_held_parts(job: Job) -> None:
    released = list(Part.objects.filter(job=job, state=PartState.HELD).values_list("pk", "capability"))
    Part.objects.filter(job=job, state=PartState.HELD).update(state=PartState.QUEUED)
    to = JobState.RUNNING if job.started_at else JobState.QUEUED
    if not job_move(job=job, to=to, sources=(JobState.PAUSED,)):
        raise refused_transition(job, "resumed")
    job_event_write(job=job, kind="job.resumed")
    for _, capability in released:
        queue.ring_on_commit(capability)
    job_settle(job=job)


@transaction.atomic
def job_cancel(*, job: Job, keep: bool) -> Job:
    """Ask the job to stop. ``keep`` says what becomes of the labels it wrote, and is stored.

    Parts that run stop within two seconds or one frame; the job is *cancelled* when the last has.
    """
    Part.objects.filter(job=job, state__in=(PartState.QUEUED, PartState.HELD)).update(
        state=PartState.CANCELLED, finished_at=Now()
    )
    sources = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)
    if not job_move(job=job, to=JobState.CANCELLING, sources=sources, cancel_keeps=keep):
        raise refused_transition(job, "cancelled")
    job_event_write(job=job, kind="job.cancelling", payload={"keep": keep})
    job_settle(job=job)
    return job


def job_retry(*, job: Job, backend: Mapping[str, object] | None = None) -> Job:
    """Queue the failed parts again; what is done stays done, and so do the failures told of it.

    ``backend`` changes parameters of the algorithm from here on: less memory, say.
    Raises ``job_reverted`` (409) when the job's labels were taken back, ``job_overlaps`` (409) when
    another job has taken the instances meanwhile.
    """
    if job.reverted_at:
        raise conflict("job_reverted", "The job was reverted. Bring its labels back before retrying it.")
    project_wakes(project_id=job.project_id)
    try:
        with transaction.atomic():
            retry_failed_parts(job, backend=backend or {})
    except IntegrityError as error:
        raise conflict(
            "job_overlaps",
            "Another job is at work on the same instances and frames. Wait for it, or cancel it.",
        ) from error
    return job


def retry_failed_parts(job: Job, *, backend: Mapping[str, object]) -> None:
    failed = Part.objects.filter(job=job, state=PartState.FAILED)
    capabilities = list(failed.values_list("capability", flat=True))
    failed.update(
        state=PartState.QUEUED,
        losses=0,
        error_code="",
        error="",
        finished_at=None,
        progress_at=None,
    )
    if not capabilities:
        raise conflict("nothing_to_retry", "No part of this job has failed, so there is nothing to retry.")
    moved = job_move(
        job=job,
        to=JobState.QUEUED,
        sources=(JobState.FAILED, JobState.PARTIAL),
        finished_at=None,
        error_code="",
        error="",
        parameters={**job.parameters, "backend": {**(job.parameters.get("backend") or {}), **backend}},
    )
    if not moved:
        raise refused_transition(job, "retried")
    JobInstance.objects.filter(job=job).update(active=True)
    JobClass.objects.filter(job=job).update(active=True)
    job_event_write(job=job, kind="job.retried", payload={"retried": True})
    for capability in capabilities:
        queue.ring_on_commit(capability)


def job_settle(*, job: Job) -> bool:
    """Give the job its final state if no part of it is left to run; say whether it did.

    The job's row is locked before its parts are counted, so that of two parts that finish at the
    same moment the second one sees the first.
    """
    lock_job(job)
    return job_conclude(job=job)


def job_conclude(*, job: Job) -> bool:
    """``job_settle`` for a caller whose own UPDATE has locked the job's row and told what is in it."""
    if job.state in FINAL_STATES:
        return False
    parts = rows_of(PARTS, (job.pk,))
    if any(state in LIVE_PARTS for state, *_ in parts):
        return False
    if job.state == JobState.CANCELLING:
        return cancelled(job)
    return finished(job, parts)


def lock_job(job: Job) -> None:
    """Hold the job's row until the transaction ends, and read it anew."""
    rows = Job.objects.filter(pk=job.pk)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    job.refresh_from_db(from_queryset=rows)


def cancelled(job: Job) -> bool:
    if not job_move(job=job, to=JobState.CANCELLED, sources=(JobState.CANCELLING,), finished_at=Now()):
        return False
    release_claims(job)
    payload: dict[str, object] = {"keep": job.cancel_keeps}
    if not job.cancel_keeps:
        payload |= discarded(job)
    job_event_write(job=job, kind="job.cancelled", payload=payload)
    return True


def discarded(job: Job) -> dict[str, object]:
    """Take the labels back, unless the task was completed meanwhile: then they stay and we say so."""
    from labeling.services.runs import run_take_back

    try:
        with transaction.atomic():
            outcome = run_take_back(job=job, user=None)
    except LabelyardError as error:
        if error.code != "task_complete":
            raise
        return {"removed": 0, "sentence": "The task was completed meanwhile, so the labels were kept."}
    return asdict(outcome)


def finished(job: Job, parts: Sequence[Row]) -> bool:
    """End the job as its parts did (rows of ``PARTS``), with the sentence of the first that failed."""
    failed = [(code, sentence) for state, code, sentence, _ in parts if state == PartState.FAILED]
    if len(failed) == len(parts) and not job.labels_written:
        to = JobState.FAILED
    else:
        incomplete = failed or any(failures for *_, failures in parts)
        to = JobState.PARTIAL if incomplete else JobState.SUCCEEDED
    code, sentence = failed[0] if failed else ("", "")
    row = row_of(FINISH, (to.value, code, sentence, job.pk))
    if row is None:
        return False
    job_moved(batch_id=job.batch_id, source=job.state, to=to.value)
    job.state, job.error_code, job.error, job.event_number = to, code, sentence, row[0]
    release_claims(job)
    error = {"code": code, "sentence": sentence} if sentence else None
    payload = {"labels": job.labels_written, "frames": job.frames_done, "error": error}
    job_event_numbered(job=job, kind=f"job.{to.value}", payload=payload)
    return True


def release_claims(job: Job) -> None:
    """Let other jobs have the instances and classes."""
    for statement in RELEASE:
        run(statement, (job.pk,))
