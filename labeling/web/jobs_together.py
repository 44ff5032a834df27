"""One thing done to many jobs: those that were chosen, or all that match the filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.http import HttpResponse

from labeling.access import job_require_steerable
from labeling.errors import LabelyardError, refused
from labeling.models import Job, Role, User
from labeling.web.guard import Visit, page
from labeling.web.project_jobs import MATCHING_COUNTED, VERBS, jobs_matching, jobs_shown

SENTENCES_SHOWN = 3
DONE = {
    "pause": "Paused",
    "resume": "Resumed",
    "cancel-keep": "Cancelled, keeping labels,",
    "cancel-discard": "Cancelled, discarding labels,",
    "retry": "Retried",
    "revert": "Reverted",
}


@page
def jobs_act(visit: Visit, *, project_id: int) -> HttpResponse:
    """Do ``verb`` to the jobs ``job``, or with ``which=matching`` to all that the address's filter names."""
    told = visit.request.POST
    said, tone = "", "good"
    try:
        verb = told.get("verb", "")
        if verb not in DONE or visit.role is None:
            raise refused("unknown_verb", "Choose what is to be done to the jobs.")
        jobs = chosen(visit, project_id)
        said, tone = together(jobs, verb, user=visit.user, role=visit.role)
    except LabelyardError as error:
        said, tone = error.sentence, "bad"
    return jobs_shown(visit, project_id, said=said, tone=tone)


def chosen(visit: Visit, project_id: int) -> list[Job]:
    """The jobs that are meant. Raises 422 for none, and for more than one request can do."""
    rows = jobs_matching(visit, project_id)
    if visit.request.POST.get("which") != "matching":
        pks = [int(pk) for pk in visit.request.POST.getlist("job") if pk.isascii() and pk.isdigit()]
        rows = Job.objects.filter(project_id=project_id, pk__in=pks[:MATCHING_COUNTED])
    jobs = list(rows.select_related("task")[: MATCHING_COUNTED + 1])
    if not jobs:
        raise refused("no_jobs", "No job was chosen, so nothing was done.")
    if len(jobs) > MATCHING_COUNTED:
        raise refused(
            "too_many_jobs",
            f"More than {MATCHING_COUNTED} jobs match, so nothing was done. Narrow the filter, or steer "
            "their batch.",
        )
    return jobs


def together(jobs: Iterable[Job], verb: str, *, user: User, role: Role) -> tuple[str, str]:
    """Do it to each, and say how many there were, and why others were left as they are."""
    done, refusals = 0, Counter[str]()
    for job in jobs:
        try:
            job_require_steerable(job=job, user=user, role=role)
            VERBS[verb](job, user)
            done += 1
        except LabelyardError as error:
            refusals[error.sentence] += 1
    said = f"{DONE[verb]} {done} job{'' if done == 1 else 's'}."
    for sentence, count in refusals.most_common(SENTENCES_SHOWN):
        said += f" {count} left as {'it is' if count == 1 else 'they are'}: {sentence}"
    return said, "good" if done else "warn"
