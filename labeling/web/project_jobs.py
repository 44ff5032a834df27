"""A project's jobs, live; one job; and what people do to jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse

from labeling.access import job_require_steerable
from labeling.access_rules import Permission
from labeling.errors import LabelyardError, refused
from labeling.models import Event, Job, JobKind, JobState, Part, User
from labeling.selectors.backlog import backlog
from labeling.selectors.bulk_actions import bulk_list
from labeling.selectors.projects import project_get
from labeling.selectors.workers import Fleet
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from labeling.services.runs import Outcome, job_redo, job_revert
from labeling.web.guard import Visit, page
from labeling.web.job_again import again_form, job_run_again
from labeling.web.job_faces import JobFace, job_face, job_faces, job_rows
from labeling.web.job_filters import chosen_by, filters_of, narrowing
from labeling.web.queue import backlog_shown, query_of
from labeling.web.turning import leaf

EVENTS_SHOWN = 300


@page
def project_jobs(visit: Visit, *, project_id: int) -> HttpResponse:
    """All jobs, newest first, with what waits; the address narrows them (``filters_of``)."""
    return jobs_shown(visit, project_id)


def jobs_shown(visit: Visit, project_id: int, *, said: str = "", tone: str = "") -> HttpResponse:
    """The table as the address's filters have it, with what was said of a change."""
    told = visit.request.GET
    filters = filters_of(told) | {"project": ""}
    chosen = chosen_by(filters, user=visit.user, project_id=project_id)
    fleet, table = Fleet(), reverse("project-jobs", args=[project_id])
    waiting = backlog(projects=[project_id], fleet=fleet)
    if visit.asked_for("backlog"):
        return backlog_shown(visit, waiting, table=table)
    rows = chosen.narrow(job_rows(), user=visit.user)
    shown = leaf(rows, cursor=told.get("cursor", ""), newest_first=True)
    context = {
        "project": project_get(user=visit.user, project_id=project_id),
        "tab": "jobs",
        "place": "projects",
        "filters": filters,
        "filtered": any(filters.values()),
        "states": JobState,
        "kinds": JobKind,
        "leaf": shown,
        "faces": job_faces(shown.rows, user=visit.user, roles={project_id: visit.role}, fleet=fleet),
        "backlog": waiting,
        "actions": bulk_list(user=visit.user).filter(finished_at=None).order_by("pk"),
        "may_steer": visit.may(Permission.JOB_RUN),
        "table": table,
        "act": reverse("jobs-act", args=[project_id]),
        "query": query_of(told),
        "narrowing": narrowing(filters | {"project": str(project_id)}),
        "said": said,
        "tone": tone,
    }
    return visit.answer("labelyard/project_jobs.html", context)


@page
def job_row(visit: Visit, *, job_id: int) -> HttpResponse:
    """One row of the table, for a job that changed."""
    return visit.answer("labelyard/parts/job_row.html", {"face": face_of(visit, job_id)})


@page
def job(visit: Visit, *, job_id: int) -> HttpResponse:
    """Everything about a job; htmx asks for the live part alone."""
    face = face_of(visit, job_id)
    context = {"project": face.job.project, "tab": "jobs", "place": "projects", **job_context(face)}
    return visit.answer("labelyard/parts/job.html" if visit.partial else "labelyard/job.html", context)


def job_context(face: JobFace) -> dict[str, Any]:
    events = Event.objects.filter(job=face.job, number__isnull=False).order_by("-number")[:EVENTS_SHOWN]
    return {
        "face": face,
        "parts": Part.objects.filter(job=face.job).order_by("number"),
        "events": reversed(events),
        "parameters": face.parameters(),
        "again": again_form(face.job),
        "key": uuid4(),
    }


def face_of(visit: Visit, job_id: int) -> JobFace:
    return job_face(job_rows().get(pk=job_id), user=visit.user, role=visit.role)


@page
def job_act(visit: Visit, *, job_id: int) -> HttpResponse:
    """Do ``verb`` to the job, and show it as it is then, with what was said about it."""
    verb = visit.request.POST.get("verb", "")
    found = job_rows().get(pk=job_id)
    said, tone = "", "good"
    try:
        if visit.role is None or verb not in (*VERBS, "again"):
            raise refused(
                "unknown_verb", "A job is paused, resumed, cancelled, retried, reverted, redone or run again."
            )
        if verb == "again":
            return job_run_again(visit.request.POST, job=found, user=visit.user, role=visit.role)
        job_require_steerable(job=found, user=visit.user, role=visit.role)
        said = VERBS[verb](found, visit.user)
    except LabelyardError as error:
        said, tone = error.sentence, "bad"
    face = face_of(visit, job_id)
    context = {"said": said, "tone": tone, **job_context(face)}
    whole = visit.request.headers.get("HX-Target") == "job"
    return visit.answer("labelyard/parts/job.html" if whole else "labelyard/parts/job_row.html", context)


def pause(found: Job, user: User) -> str:
    job_pause(job=found)
    return ""


def resume(found: Job, user: User) -> str:
    job_resume(job=found)
    return ""


def cancel_keep(found: Job, user: User) -> str:
    job_cancel(job=found, keep=True)
    return "The labels written so far stay."


def cancel_discard(found: Job, user: User) -> str:
    job_cancel(job=found, keep=False)
    return "What the job wrote is taken back."


def retry(found: Job, user: User) -> str:
    job_retry(job=found)
    return "The failed parts are queued again."


def retry_offloaded(found: Job, user: User) -> str:
    job_retry(job=found, backend={"offload": True})
    return "The failed parts are queued again; what is remembered of objects stays off the GPU."


def revert(found: Job, user: User) -> str:
    outcome = job_revert(job=found, user=user)
    kept = f", kept {outcome.kept} that somebody touched since" if outcome.kept else ""
    return f"Removed {outcome.removed} labels{kept}.{of_instances(outcome, 'Took back', 'touched')}"


def redo(found: Job, user: User) -> str:
    outcome = job_redo(job=found, user=user)
    kept = f"; {outcome.kept} were left as somebody changed them" if outcome.kept else ""
    return f"Brought {outcome.removed} labels back{kept}.{of_instances(outcome, 'Brought back', 'replaced')}"


def of_instances(outcome: Outcome, verb: str, what: str) -> str:
    """What became of the objects that the run made, empty for one that made none."""
    if not outcome.instances and not outcome.instances_kept:
        return ""
    kept = f", kept {outcome.instances_kept} that somebody {what} since" if outcome.instances_kept else ""
    return f" {verb} {outcome.instances} objects{kept}."


VERBS: dict[str, Callable[[Job, User], str]] = {
    "pause": pause,
    "resume": resume,
    "cancel-keep": cancel_keep,
    "cancel-discard": cancel_discard,
    "retry": retry,
    "retry-offloaded": retry_offloaded,
    "revert": revert,
    "redo": redo,
}
