"""Registering what lies in a bucket: looked into first, then queued."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from labeling.errors import LabelyardError
from labeling.selectors.connections import connection_get
from labeling.services.listings import listing_create, listing_preview
from labeling.web.connection_forms import RegisterForm
from labeling.web.guard import Visit, page
from labeling.web.project_connections import connection_page


@page
def connection_register(visit: Visit, *, connection_id: int) -> HttpResponse:
    """Queue the listing, or with ``look`` say what its first page would come to."""
    found = connection_get(connection_id=connection_id)
    form = RegisterForm(visit.request.POST)
    preview = None
    if form.is_valid():
        try:
            if "look" not in visit.request.POST:
                listing_create(user=visit.user, connection=found, order=form.order())
                return redirect("connection", connection_id=connection_id)
            preview = listing_preview(connection=found, order=form.order())
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    status = 200 if preview else 422
    return connection_page(visit, found, register_form=form, preview=preview, status=status)
