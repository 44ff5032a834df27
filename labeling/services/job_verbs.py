"""What is asked of many jobs: of which, of one alone, and of those that nobody has begun together.

Batches (``batches.carrying``) and bulk actions carry it out some jobs at a time, and count what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Q, QuerySet

from labeling.errors import LabelyardError
from labeling.models import FINAL_STATES, Job, JobState, User
from labeling.services.fairness import project_wakes
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from labeling.services.jobs_together import FRESH, jobs_cancel, jobs_pause, jobs_resume
from labeling.services.runs import job_revert

TOGETHER, ALONE = 1000, 25
"""So many jobs are done in one step."""

REFUSED = "refused: "
"""In a tally, before the code of a refusal."""

Tally = Mapping[str, int]


@dataclass(frozen=True)
class Asked:
    """Who asked, and what becomes of the labels of jobs that are cancelled."""

    user: User | None
    keep: bool


@dataclass(frozen=True)
class JobVerb:
    """``fit``: jobs that it can be done to. ``fresh``: the states of those that are done together.

    ``queues``: they wait for workers afterwards.
    """

    fit: Q
    alone: Callable[[Job, Asked], Tally]
    fresh: tuple[JobState, ...] = ()
    together: Callable[[Sequence[int], Asked], int] = lambda jobs, asked: 0
    queues: bool = False


def pause_one(job: Job, asked: Asked) -> Tally:
    job_pause(job=job)
    return {"jobs": 1}


def resume_one(job: Job, asked: Asked) -> Tally:
    job_resume(job=job)
    return {"jobs": 1}


def cancel_one(job: Job, asked: Asked) -> Tally:
    job_cancel(job=job, keep=asked.keep)
    return {"jobs": 1}


def retry_one(job: Job, asked: Asked) -> Tally:
    job_retry(job=job)
    return {"jobs": 1}


def revert_one(job: Job, asked: Asked) -> Tally:
    return {"jobs": 1, **asdict(job_revert(job=job, user=asked.user))}


JOB_VERBS: Mapping[str, JobVerb] = {
    "pause": JobVerb(
        Q(state__in=(JobState.QUEUED, JobState.RUNNING)),
        pause_one,
        (JobState.QUEUED,),
        lambda jobs, asked: jobs_pause(jobs),
    ),
    "resume": JobVerb(
        Q(state=JobState.PAUSED),
        resume_one,
        (JobState.PAUSED,),
        lambda jobs, asked: jobs_resume(jobs),
        queues=True,
    ),
    "cancel": JobVerb(
        Q(state__in=(JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)),
        cancel_one,
        (JobState.QUEUED, JobState.PAUSED),
        lambda jobs, asked: jobs_cancel(jobs, keep=asked.keep),
    ),
    "retry": JobVerb(Q(state__in=(JobState.FAILED, JobState.PARTIAL)), retry_one),
    "revert": JobVerb(Q(state__in=FINAL_STATES, reverted_at=None, labels_written__gt=0), revert_one),
}
"""By the word that requests, batches and bulk actions have for each."""


def fresh_jobs(verb: JobVerb, rows: QuerySet[Job]) -> list[int]:
    """Return the next of ``rows`` that nobody has begun, where those are done together.

    Their projects are woken if they are to be queued: here, since what moves them holds other rows first.
    """
    fresh = rows.filter(FRESH, state__in=verb.fresh).order_by("pk").values_list("pk", "project_id")
    told = list(fresh[:TOGETHER]) if verb.fresh else []
    for project_id in sorted({project_id for _, project_id in told}) if verb.queues else ():
        project_wakes(project_id=project_id)
    return [pk for pk, _ in told]


def carried_alone(verb: JobVerb, job: Job, asked: Asked) -> Tally:
    """Do it to one job. A refusal (its task is complete, it ended meanwhile) is counted by its code."""
    try:
        return verb.alone(job, asked)
    except LabelyardError as error:
        return {"refused": 1, f"{REFUSED}{error.code}": 1}
