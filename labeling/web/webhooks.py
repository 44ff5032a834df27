"""The endpoints of a project, and of the installation: listed, and made."""

from __future__ import annotations

from django.http import HttpResponse

from labeling.errors import LabelyardError
from labeling.models import Project, WebhookFormat
from labeling.selectors.projects import project_get
from labeling.selectors.webhooks import webhook_list
from labeling.services.webhooks import AT_ONCE, NewSecret, webhook_create
from labeling.web.guard import Visit, page
from labeling.web.webhook_forms import WebhookForm

FRESH = {"format": WebhookFormat.STANDARD, "at_once": AT_ONCE}


@page
def project_webhooks(visit: Visit, *, project_id: int) -> HttpResponse:
    """Those that are told of one project."""
    return listed(visit, project_get(user=visit.user, project_id=project_id))


@page
def webhooks(visit: Visit) -> HttpResponse:
    """Those that are told of all projects."""
    return listed(visit, None)


def listed(visit: Visit, project: Project | None) -> HttpResponse:
    """The list, a form for a new one, and its secret right after it was made."""
    data = visit.request.POST if visit.request.method == "POST" else None
    form = WebhookForm(data, initial=FRESH)
    made: NewSecret | None = None
    if data is not None and form.is_valid():
        try:
            made = webhook_create(user=visit.user, project=project, **form.cleaned_data)
            form = WebhookForm(initial=FRESH)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    context = {
        "project": project,
        "tab": "webhooks",
        "place": "projects" if project else "webhooks",
        "webhooks": webhook_list(project_id=project.pk if project else None),
        "form": form,
        "made": made,
    }
    status = 422 if data is not None and made is None else 200
    answer = visit.answer("labelyard/webhooks.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
