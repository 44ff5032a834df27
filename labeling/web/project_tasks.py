"""A project's tasks: filtered by the address, taken and assigned in the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict

from labeling.access_rules import Permission
from labeling.errors import refused
from labeling.models import ACTIVE_STATES, Media, MediaState, Member, Role, Stage, Task, User
from labeling.selectors.projects import member_list, project_get
from labeling.selectors.tasks import TaskFilter, member_user, task_get
from labeling.services.tasks import task_update
from labeling.web.guard import Visit, page
from labeling.web.turning import leaf

WAITING = (MediaState.REGISTERED, MediaState.PROBING)
REFUSED_SHOWN = 5


@page
def project(visit: Visit, *, project_id: int) -> HttpResponse:
    """The first tab: tasks, and which media have none yet."""
    filters = filters_of(visit.request.GET)
    chosen = chosen_by(filters, user=visit.user)
    rows = chosen.rows(project_id=project_id).annotate(
        running=Count("jobs", filter=Q(jobs__state__in=ACTIVE_STATES))
    )
    context: dict[str, Any] = {
        "project": project_get(user=visit.user, project_id=project_id),
        "tab": "tasks",
        "place": "projects",
        "stages": Stage,
        "filters": filters,
        "filtered": any(filters.values()),
        "matching": chosen.rows(project_id=project_id).count() if visit.may(Permission.PROJECT_MANAGE) else 0,
        "leaf": leaf(rows, cursor=visit.request.GET.get("cursor", "")),
        "workers": workers(project_id),
        **media_without_task(project_id),
    }
    partial = visit.partial and visit.request.headers.get("HX-Target") == "tasks"
    return visit.answer("labelyard/parts/tasks.html" if partial else "labelyard/project_tasks.html", context)


def filters_of(told: QueryDict) -> dict[str, str]:
    """Return the filters that the address names; what is not known is left out."""
    stage = told.get("stage", "")
    assignee = told.get("assignee", "")
    return {
        "stage": stage if stage in Stage.values else "",
        "assignee": assignee if assignee in ("me", "none") or is_id(assignee) else "",
        "q": told.get("q", "").replace("\x00", "")[:200],
    }


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def chosen_by(filters: Mapping[str, str], *, user: User) -> TaskFilter:
    """Return what the filters of the address mean for this person."""
    assignee = filters["assignee"]
    wanted = user.pk if assignee == "me" else int(assignee) if is_id(assignee) else None
    return TaskFilter(
        stage=filters["stage"] or None,
        assignee=wanted,
        unassigned=assignee == "none",
        search=filters["q"],
    )


def workers(project_id: int) -> list[Member]:
    """The members who may have tasks, by name."""
    rows = member_list(project_id=project_id).exclude(role=Role.VIEWER)
    return list(rows.order_by("user__username"))


def media_without_task(project_id: int) -> dict[str, Any]:
    media = Media.objects.filter(project_id=project_id)
    refused_media = media.filter(state=MediaState.FAILED)
    return {
        "waiting_media": media.filter(state__in=WAITING).count(),
        "refused_media": list(refused_media.order_by("-pk")[:REFUSED_SHOWN]),
        "refused_count": refused_media.count(),
    }


@page
def task_assign(visit: Visit, *, task_id: int) -> HttpResponse:
    """Give the task to the member whose user id is ``assignee``; empty takes it from everybody."""
    task = task_get(task_id=task_id)
    wanted = visit.request.POST.get("assignee", "")
    user = member_user(project_id=task.project_id, user_id=int(wanted)) if is_id(wanted) else None
    if wanted and user is None:
        raise refused("assignee_no_member", "That person is no member of this project.")
    task_update(user=visit.user, task=task, assignee=user)
    fresh = Task.objects.select_related("media", "assignee").annotate(
        running=Count("jobs", filter=Q(jobs__state__in=ACTIVE_STATES))
    )
    context = {"task": fresh.get(pk=task.pk), "workers": workers(task.project_id)}
    return visit.answer("labelyard/parts/task_row.html", context)
