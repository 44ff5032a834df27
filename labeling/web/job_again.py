"""“Run again …” of one job: its order as a form, to change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse

from labeling.access import task_require_editable
from labeling.errors import LabelyardError, refused
from labeling.models import Job, JobKind, Role, User
from labeling.services.jobs import job_submit
from labeling.services.jobs_again import order_again, order_of_job
from labeling.web.run_form import tracker_choices

MOST = 2**31 - 1
SHOWN = {
    JobKind.TRACK: ("first_frame", "last_frame", "algorithm", "interval", "priority"),
    JobKind.INTERPOLATE: ("first_frame", "last_frame", "priority"),
    JobKind.DETECT_ALL: ("first_frame", "last_frame", "step", "priority"),
}
"""What can be changed here of each kind of order."""


class AgainForm(forms.Form):
    """The order of a job, with the fields that its kind has."""

    first_frame = forms.IntegerField(min_value=0, max_value=MOST, label="From frame")
    last_frame = forms.IntegerField(min_value=0, max_value=MOST, label="To frame")
    algorithm = forms.ChoiceField(label="Tracker")
    interval = forms.IntegerField(min_value=0, max_value=MOST, label="Tracking annotation interval")
    step = forms.IntegerField(min_value=1, max_value=MOST, label="Every n-th frame")
    priority = forms.FloatField(min_value=0, max_value=1, label="Priority, 0 to 1")

    def __init__(self, data: QueryDict | None = None, *, job: Job) -> None:
        order, shown = order_of_job(job), SHOWN[JobKind(job.kind)]
        initial: dict[str, Any] = {name: getattr(order, name) for name in shown}
        super().__init__(data, initial=initial, prefix="again")
        for name in set(self.fields) - set(shown):
            del self.fields[name]
        if "algorithm" in self.fields:
            own = initial["algorithm"]
            choices = tracker_choices()
            known = own in {name for name, _ in choices}
            self.fields["algorithm"].choices = choices if known else [*choices, (own, own)]  # type: ignore[attr-defined]


def again_form(job: Job) -> AgainForm | None:
    """The form, None while the job is at work and where its order was not kept."""
    try:
        return AgainForm(job=job) if job.finished_at else None
    except LabelyardError:
        return None


def job_run_again(told: QueryDict, *, job: Job, user: User, role: Role) -> HttpResponse:
    """Queue what the form says, and go to the new job; the page's key makes a second click the same order."""
    form = AgainForm(told, job=job)
    if not form.is_valid():
        raise refused("invalid_order", said_of(form))
    task_require_editable(task=job.task, user=user, role=role)
    order = order_again(job=job, changes=form.cleaned_data)
    key = told.get("key", "")[:200] or None
    made = job_submit(user=user, task=job.task, order=order, idempotency_key=key).job
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("job", args=[made.pk])})


def said_of(form: AgainForm) -> str:
    """What is wrong with the form, in a line."""
    sentences = [
        f"{form.fields[name].label}: {sentence}" for name, some in form.errors.items() for sentence in some
    ]
    return " ".join(sentences)
