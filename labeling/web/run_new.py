"""“New run”: what is done to all tasks that match a filter; a dry run first, then it is queued."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from labeling.errors import LabelyardError
from labeling.models import Project
from labeling.selectors.projects import project_get
from labeling.services.batches.dry_run import DryRun, batch_dry_run
from labeling.services.batches.orders import BatchOrder, batch_submit
from labeling.web.api_call import call_new
from labeling.web.guard import Visit, page
from labeling.web.project_tasks import chosen_by, filters_of
from labeling.web.run_form import RunForm

TRIED_FIRST = 20


@page
def run_new(visit: Visit, *, project_id: int) -> HttpResponse:
    """The form; htmx asks for the dry run alone; ``verb`` queues all of it, or a sample first."""
    project = project_get(user=visit.user, project_id=project_id)
    filters = filters_of(visit.request.POST if visit.request.method == "POST" else visit.request.GET)
    if visit.request.method == "GET":
        return shown(visit, project, RunForm(project=project), filters)
    form = RunForm(visit.request.POST, project=project)
    if visit.partial:
        return dry_run(visit, project, form, filters)
    if form.is_valid():
        try:
            batch = queued(visit, project, form, filters)
            return redirect("batch", batch_id=batch)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    return shown(visit, project, form, filters, status=422)


def shown(
    visit: Visit, project: Project, form: RunForm, filters: dict[str, str], *, status: int = 200
) -> HttpResponse:
    chosen = chosen_by(filters, user=visit.user)
    context = {
        "project": project,
        "tab": "tasks",
        "place": "projects",
        "form": form,
        "filters": filters,
        "matching": chosen.rows(project_id=project.pk).count(),
        "address": reverse("run-new", args=[project.pk]),
        "key": uuid4(),
    }
    return visit.answer("labelyard/run_new.html", context, status=status)


def dry_run(visit: Visit, project: Project, form: RunForm, filters: dict[str, str]) -> HttpResponse:
    """What the form as it stands comes to."""
    order = order_of(visit, form, filters) if form.is_valid() else None
    extra = {"call": call_new(visit.request, project=project, order=order)} if order else {}
    return dry_run_shown(visit, project, form, order, extra)


def dry_run_shown(
    visit: Visit, project: Project, form: RunForm, order: BatchOrder | None, extra: dict[str, Any]
) -> HttpResponse:
    """What ``order`` comes to, or what is wrong with it, or with the form where there is none."""
    told: DryRun | None = None
    said = ""
    if order is None:
        said = " ".join(str(sentence) for errors in form.errors.values() for sentence in errors)
    else:
        try:
            told = batch_dry_run(project=project, chosen=order.chosen, specification=order.specification)
        except LabelyardError as error:
            said = error.sentence
    context: dict[str, Any] = {"told": told, "said": said, "tried_first": TRIED_FIRST, **extra}
    if told is not None:
        context |= {"skips": told.skips(), "seconds": told.seconds, "warnings": list(told.warnings)[:5]}
    return visit.answer("labelyard/parts/dry_run.html", context)


def order_of(visit: Visit, form: RunForm, filters: dict[str, str]) -> BatchOrder:
    """What a valid form orders."""
    hours = form.cleaned_data["budget_hours"]
    return BatchOrder(
        chosen=chosen_by(filters, user=visit.user),
        specification=form.specification(),
        sample=TRIED_FIRST if visit.request.POST.get("verb") == "try" else None,
        name=form.cleaned_data["name"],
        budget_seconds=hours * 3600 if hours else None,
    )


def queued(visit: Visit, project: Project, form: RunForm, filters: dict[str, str]) -> int:
    """Queue what the form says; the page's key makes a second click the same order."""
    order = order_of(visit, form, filters)
    key = visit.request.POST.get("key", "")[:200] or None
    return int(batch_submit(user=visit.user, project=project, order=order, idempotency_key=key).batch.pk)
