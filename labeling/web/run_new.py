"""“New run”: what is done to all tasks that match a filter; a dry run first, then it is queued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from labeling.errors import LabelyardError, not_found
from labeling.models import Project, Rule
from labeling.selectors.projects import project_get
from labeling.selectors.rules import media_filter_of, rule_get
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.dry_run import DryRun, batch_dry_run
from labeling.services.batches.orders import BatchOrder, batch_submit
from labeling.services.batches.specification import specification_read
from labeling.web.api_call import call_new
from labeling.web.guard import Visit, page
from labeling.web.project_tasks import chosen_by, filters_of, is_id
from labeling.web.run_form import RunForm
from labeling.web.run_initial import specification_initial

TRIED_FIRST = 20


@page
def run_new(visit: Visit, *, project_id: int) -> HttpResponse:
    """The form; htmx asks for the dry run alone; ``verb`` queues all of it, or a sample first."""
    project = project_get(user=visit.user, project_id=project_id)
    told = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    filters = {**filters_of(told), "rule": told.get("rule", "")}
    if visit.request.method == "GET":
        rule = rule_of(project, filters)
        initial = specification_initial(specification_read(rule.specification)) if rule else None
        return shown(visit, project, RunForm(project=project, initial=initial), filters)
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
    chosen = chosen_here(visit, project, filters)
    context = {
        "project": project,
        "tab": "tasks",
        "place": "projects",
        "form": form,
        "filters": filters,
        "rule": rule_of(project, filters),
        "matching": chosen.rows(project_id=project.pk).count(),
        "address": reverse("run-new", args=[project.pk]),
        "key": uuid4(),
    }
    return visit.answer("labelyard/run_new.html", context, status=status)


def rule_of(project: Project, filters: Mapping[str, str]) -> Rule | None:
    """Return the rule whose media are meant, if one is named. Raises ``not_found``."""
    if not filters["rule"]:
        return None
    rule = rule_get(rule_id=int(filters["rule"]) if is_id(filters["rule"]) else 0)
    if rule.project_id != project.pk:
        raise not_found("rule")
    return rule


def chosen_here(visit: Visit, project: Project, filters: Mapping[str, str]) -> TaskFilter:
    """Return what the filters mean, narrowed to tasks of media that the named rule matches."""
    chosen, rule = chosen_by(filters, user=visit.user), rule_of(project, filters)
    if rule is None:
        return chosen
    media = media_filter_of(rule)
    return replace(chosen, connection=media.connection, prefix=media.prefix, media_kinds=media.kinds)


def dry_run(visit: Visit, project: Project, form: RunForm, filters: dict[str, str]) -> HttpResponse:
    """What the form as it stands comes to."""
    order = order_of(visit, project, form, filters) if form.is_valid() else None
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


def order_of(visit: Visit, project: Project, form: RunForm, filters: dict[str, str]) -> BatchOrder:
    """What a valid form orders."""
    hours = form.cleaned_data["budget_hours"]
    return BatchOrder(
        chosen=chosen_here(visit, project, filters),
        specification=form.specification(),
        sample=TRIED_FIRST if visit.request.POST.get("verb") == "try" else None,
        name=form.cleaned_data["name"],
        budget_seconds=hours * 3600 if hours else None,
    )


def queued(visit: Visit, project: Project, form: RunForm, filters: dict[str, str]) -> int:
    """Queue what the form says; the page's key makes a second click the same order."""
    order = order_of(visit, project, form, filters)
    key = visit.request.POST.get("key", "")[:200] or None
    return int(batch_submit(user=visit.user, project=project, order=order, idempotency_key=key).batch.pk)
