"""Writing an export into a bucket."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from labeling.errors import LabelyardError, not_found
from labeling.models import Connection
from labeling.selectors.projects import project_get
from labeling.services.bucket_exports import bucket_export_order
from labeling.web.guard import Visit, page


@page
def export_write(visit: Visit, *, project_id: int) -> HttpResponse:
    """Queue the export to ``connection`` in ``format``, and go back."""
    sent = visit.request.POST
    project = project_get(user=visit.user, project_id=project_id)
    try:
        number = sent.get("connection", "")
        rows = Connection.objects.filter(project=project)
        connection = rows.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
        if connection is None:
            raise not_found("connection")
        bucket_export_order(
            user=visit.user, project=project, connection=connection, form=sent.get("format", "")
        )
    except LabelyardError as error:
        messages.error(visit.request, error.sentence, extra_tags="bad")
    return redirect("project-export", project_id=project_id)
