"""What is asked of many jobs: of which, of one alone, and of those that nobody has begun together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Q

from labeling.models import FINAL_STATES, Job, JobState, User
from labeling.services.batches.together import jobs_cancel, jobs_pause, jobs_resume
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from labeling.services.runs import job_revert

Tally = Mapping[str, int]


@dataclass(frozen=True)
class Asked:
    """Who asked, and what becomes of the labels of jobs that are cancelled."""

    user: User | None
    keep: bool


@dataclass(frozen=True)
class JobVerb:
    """``fit``: jobs that it can be done to. ``fresh``: the states of those that are done together."""

    fit: Q
    alone: Callable[[Job, Asked], Tally]
    fresh: tuple[JobState, ...] = ()
    together: Callable[[Sequence[int], Asked], int] | None = None


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
        Q(state=JobState.PAUSED), resume_one, (JobState.PAUSED,), lambda jobs, asked: jobs_resume(jobs)
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
