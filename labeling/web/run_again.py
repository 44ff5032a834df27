"""“Run again …”: a batch once more with changes, over the same tasks or those that ended some way."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from labeling.errors import LabelyardError
from labeling.models import Batch
from labeling.selectors.batches import batch_get
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.again import AGAIN, again_order, batch_again
from labeling.services.batches.differences import specification_differences
from labeling.services.batches.orders import BatchOrder
from labeling.services.batches.specification import specification_read
from labeling.web.api_call import call_again
from labeling.web.batch_faces import WORDS, BatchFace
from labeling.web.guard import Visit, page
from labeling.web.run_form import RunForm
from labeling.web.run_initial import run_initial, with_unshown
from labeling.web.run_new import TRIED_FIRST, dry_run_shown


@page
def batch_run_again(visit: Visit, *, batch_id: int) -> HttpResponse:
    """The form, filled as the batch was ordered; htmx asks for the dry run alone; ``verb`` queues it."""
    batch = batch_get(batch_id=batch_id)
    if visit.request.method == "GET":
        return shown(visit, batch, RunForm(project=batch.project, initial=run_initial(batch)))
    form = RunForm(visit.request.POST, project=batch.project)
    if visit.partial:
        return dry_run(visit, batch, form)
    if form.is_valid():
        try:
            return redirect("batch", batch_id=queued(visit, batch, form))
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    return shown(visit, batch, form, status=422)


def shown(visit: Visit, batch: Batch, form: RunForm, *, status: int = 200) -> HttpResponse:
    matching = TaskFilter(batch=batch.pk).rows(project_id=batch.project_id).count()
    context = {
        "project": batch.project,
        "tab": "batches",
        "place": "projects",
        "again": BatchFace(batch, steerable=True),
        "outcomes": [(name, WORDS[name], getattr(batch, f"count_{name}")) for name in AGAIN],
        "states": states_of(visit),
        "form": form,
        "matching": matching,
        "address": reverse("run-again", args=[batch.pk]),
        "key": uuid4(),
    }
    return visit.answer("labelyard/run_new.html", context, status=status)


def states_of(visit: Visit) -> tuple[str, ...]:
    """How the items have ended that are run again; none is all of them."""
    return tuple(name for name in visit.request.POST.getlist("states") if name in AGAIN)


def order_of(visit: Visit, batch: Batch, form: RunForm) -> BatchOrder:
    """What a valid form orders. What it has no field for stays as it was."""
    before = specification_read(batch.specification)
    hours = form.cleaned_data["budget_hours"]
    return replace(
        again_order(
            batch=batch,
            specification=with_unshown(form.specification(), before=before),
            states=states_of(visit),
            sample=TRIED_FIRST if visit.request.POST.get("verb") == "try" else None,
            name=form.cleaned_data["name"],
        ),
        budget_seconds=hours * 3600 if hours else None,
    )


def dry_run(visit: Visit, batch: Batch, form: RunForm) -> HttpResponse:
    """What the form comes to, and what it changes."""
    order = order_of(visit, batch, form) if form.is_valid() else None
    extra = {}
    if order is not None:
        extra = {
            "again": True,
            "differences": specification_differences(batch.specification, order.specification.to_json()),
            "call": call_again(visit.request, batch=batch, order=order),
        }
    return dry_run_shown(visit, batch.project, form, order, extra)


def queued(visit: Visit, batch: Batch, form: RunForm) -> int:
    """Queue it; the page's key makes a second click the same order."""
    order = order_of(visit, batch, form)
    key = visit.request.POST.get("key", "")[:200] or None
    done = batch_again(
        user=visit.user,
        batch=batch,
        specification=order.specification,
        states=order.chosen.outcomes,
        sample=order.sample,
        name=order.name,
        budget_seconds=order.budget_seconds,
        idempotency_key=key,
    )
    return int(done.batch.pk)
