"""The queue over all projects of a person: what waits, what runs, filters by address and by name."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from labeling.models import JobKind, JobState, Member, Project, SavedFilter
from labeling.selectors.backlog import Backlog, backlog
from labeling.selectors.bulk_actions import bulk_list
from labeling.selectors.workers import Fleet
from labeling.services.saved_filters import saved_filter_forget, saved_filter_keep
from labeling.web.guard import Visit, page
from labeling.web.job_faces import job_faces, job_rows
from labeling.web.job_filters import chosen_by, filters_of, narrowing
from labeling.web.turning import leaf


@page
def queue(visit: Visit) -> HttpResponse:
    """All jobs that the person may see, newest first, with what waits; the address narrows them."""
    return queue_shown(visit)


def queue_shown(visit: Visit, *, said: str = "", tone: str = "") -> HttpResponse:
    told = visit.request.GET
    filters = filters_of(told)
    chosen = chosen_by(filters, user=visit.user)
    fleet = Fleet()
    waiting = backlog(projects=chosen.projects(visit.user), fleet=fleet)
    if visit.asked_for("backlog"):
        return backlog_shown(visit, waiting, table=reverse("queue"))
    rows = chosen.narrow(job_rows(), user=visit.user)
    shown = leaf(rows, cursor=told.get("cursor", ""), newest_first=True)
    context = {
        "place": "queue",
        "filters": filters,
        "filtered": any(filters.values()),
        "states": JobState,
        "kinds": JobKind,
        "projects": Project.objects.filter(memberships__user=visit.user).order_by("name"),
        "leaf": shown,
        "faces": job_faces(shown.rows, user=visit.user, roles=roles_of(visit), fleet=fleet),
        "backlog": waiting,
        "saved": SavedFilter.objects.filter(user=visit.user).order_by("name"),
        "actions": bulk_list(user=visit.user).filter(finished_at=None).order_by("pk"),
        "may_steer": True,
        "table": reverse("queue"),
        "act": reverse("queue-act"),
        "query": query_of(told),
        "narrowing": narrowing(filters),
        "said": said,
        "tone": tone,
    }
    return visit.answer("labelyard/queue.html", context)


def backlog_shown(visit: Visit, waiting: Backlog, *, table: str) -> HttpResponse:
    """What waits alone, as pages that are open ask for it again and again."""
    context = {"one": waiting, "table": table, "query": query_of(visit.request.GET)}
    return visit.answer("labelyard/parts/backlog.html", context)


def roles_of(visit: Visit) -> dict[int, str]:
    """The person's role in each of their projects."""
    return dict(Member.objects.filter(user=visit.user).values_list("project_id", "role"))


def query_of(told: QueryDict) -> str:
    return f"?{told.urlencode()}" if told else ""


@page
def filter_keep(visit: Visit) -> HttpResponse:
    """Keep the filters of the form under a name, and go back to what they show."""
    told = visit.request.POST
    narrowed = narrowing(filters_of(told))
    saved_filter_keep(user=visit.user, name=told.get("name", "").replace("\x00", ""), query=narrowed)
    return redirect(f"{reverse('queue')}?{narrowed}")


@page
def filter_forget(visit: Visit, *, filter_id: int) -> HttpResponse:
    """Forget one of the person's filters."""
    saved_filter_forget(user=visit.user, filter_id=filter_id)
    return redirect("queue")
