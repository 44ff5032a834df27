"""A project's batches, live; one batch with its groups; and what people do to it."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from labeling.access_rules import Permission
from labeling.errors import LabelyardError, refused
from labeling.models import COUNTS, Batch, User
from labeling.selectors.batches import (
    batch_get,
    batch_list,
    error_groups,
    item_list,
    lowest_scores,
    skip_groups,
)
from labeling.selectors.projects import project_get
from labeling.services.batches.differences import differences
from labeling.services.batches.steering import (
    batch_cancel,
    batch_go_on,
    batch_pause,
    batch_resume,
    batch_retry,
    batch_revert,
)
from labeling.web.batch_faces import BatchFace
from labeling.web.guard import Visit, page
from labeling.web.turning import leaf

ITEMS_SHOWN = 25
SCORES_SHOWN = 25


@page
def project_batches(visit: Visit, *, project_id: int) -> HttpResponse:
    """All batches, newest first."""
    shown = leaf(
        batch_list(project_id=project_id), cursor=visit.request.GET.get("cursor", ""), newest_first=True
    )
    context = {
        "project": project_get(user=visit.user, project_id=project_id),
        "tab": "batches",
        "place": "projects",
        "leaf": shown,
        "faces": [face_of(visit, batch) for batch in shown.rows],
    }
    return visit.answer("labelyard/project_batches.html", context)


@page
def batch(visit: Visit, *, batch_id: int) -> HttpResponse:
    """Everything about a batch; htmx asks for the live part alone."""
    context = batch_context(visit, batch_id)
    return visit.answer("labelyard/parts/batch.html" if visit.partial else "labelyard/batch.html", context)


def face_of(visit: Visit, found: Batch) -> BatchFace:
    return BatchFace(found, steerable=visit.may(Permission.PROJECT_MANAGE))


def batch_context(visit: Visit, batch_id: int) -> dict[str, Any]:
    found = batch_get(batch_id=batch_id)
    told = visit.request.GET
    state = told.get("state", "") if told.get("state") in COUNTS else ""
    narrowed = {name: told.get(name, "")[:60].replace("\x00", "") for name in ("reason", "error_code")}
    items = item_list(
        batch=found,
        state=state or None,
        reason=narrowed["reason"] or None,
        error_code=narrowed["error_code"] or None,
    )
    query = f"?{told.urlencode()}" if told else ""
    return {
        "project": found.project,
        "tab": "batches",
        "place": "projects",
        "face": face_of(visit, found),
        "skips": skip_groups(batch=found),
        "failures": error_groups(batch=found),
        "differences": differences(batch=found),
        "leaf": leaf(items, cursor=told.get("cursor", ""), size=ITEMS_SHOWN),
        "state": state,
        "here": f"{reverse('batch', args=[batch_id])}{query}",
        "narrowed": query,
        **narrowed,
    }


@page
def batch_scores(visit: Visit, *, batch_id: int) -> HttpResponse:
    """The least sure results: asked for apart, since it looks at all labels."""
    found = batch_get(batch_id=batch_id)
    return visit.answer(
        "labelyard/parts/batch_scores.html", {"scores": lowest_scores(batch=found, most=SCORES_SHOWN)}
    )


@page
def batch_act(visit: Visit, *, batch_id: int) -> HttpResponse:
    """Do ``verb`` to the batch, and show it as it is then, with what was said about it."""
    verb = visit.request.POST.get("verb", "")
    said, tone = "", "good"
    try:
        if verb not in VERBS:
            raise refused(
                "unknown_verb", "A batch is continued, paused, resumed, cancelled, retried, reverted."
            )
        found = batch_get(batch_id=batch_id)
        hours = visit.request.POST.get("budget_hours", "")
        said = resume_with(found, hours) if verb == "resume" else VERBS[verb](found, visit.user)
    except LabelyardError as error:
        said, tone = error.sentence, "bad"
    context = {"said": said, "tone": tone, **batch_context(visit, batch_id)}
    return visit.answer("labelyard/parts/batch.html", context)


def go_on(found: Batch, user: User) -> str:
    batch_go_on(batch=found)
    return f"The other {found.count_waiting} tasks get their jobs now."


def pause(found: Batch, user: User) -> str:
    batch_pause(batch=found)
    return "Nothing more of it is begun; what runs stops at its next commit."


def resume_with(found: Batch, hours: str) -> str:
    """Go on, with so many hours of workers as the new budget if any are said."""
    batch_resume(batch=found, budget_seconds=budget_read(hours))
    return "It goes on."


def budget_read(hours: str) -> float | None:
    """Return a budget in seconds, None where no hours are said. Raises ``budget_unreadable`` (422)."""
    try:
        budget = float(hours) * 3600 if hours else None
    except ValueError as error:
        raise refused("budget_unreadable", "A budget is a number of hours.") from error
    if budget is not None and not 0 < budget < inf:
        raise refused("budget_unreadable", "A budget is a number of hours above 0.")
    return budget


def resume(found: Batch, user: User) -> str:
    return resume_with(found, "")


def cancel_keep(found: Batch, user: User) -> str:
    batch_cancel(batch=found, keep=True)
    return "The labels written so far stay."


def cancel_discard(found: Batch, user: User) -> str:
    batch_cancel(batch=found, keep=False)
    return "What its unfinished jobs wrote is taken back."


def retry(found: Batch, user: User) -> str:
    batch_retry(batch=found)
    return "The failed parts are queued again."


def revert(found: Batch, user: User) -> str:
    batch_revert(batch=found, user=user)
    return "What its jobs wrote is taken back, except what somebody touched since."


VERBS: dict[str, Callable[[Batch, User], str]] = {
    "go-on": go_on,
    "pause": pause,
    "resume": resume,
    "cancel-keep": cancel_keep,
    "cancel-discard": cancel_discard,
    "retry": retry,
    "revert": revert,
}
