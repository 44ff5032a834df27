"""A project's connections to buckets: made, looked at, tried, given new keys, removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from labeling.errors import LabelyardError, refused
from labeling.models import Connection, Listing
from labeling.selectors.connections import connection_get, connection_list, listing_get, listing_list
from labeling.selectors.projects import project_get
from labeling.selectors.watches import watch_list
from labeling.services.connections import (
    connection_create,
    connection_delete,
    connection_test,
    connection_update,
)
from labeling.services.listings import listing_cancel, listing_retry
from labeling.web.connection_forms import ConnectionForm, KeysForm, RegisterForm, WatchForm
from labeling.web.guard import Visit, page
from labeling.web.turning import leaf

LISTINGS_SHOWN = 10


@page
def project_connections(visit: Visit, *, project_id: int) -> HttpResponse:
    """The connections, and a form that makes one, tries it out, and goes to it."""
    data = visit.request.POST if visit.request.method == "POST" else None
    project = project_get(user=visit.user, project_id=project_id)
    form = ConnectionForm(data)
    if data is not None and form.is_valid():
        try:
            made = connection_create(user=visit.user, project=project, keys=form.keys(), **form.place())
            return tested(visit, made)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    context = {
        "project": project,
        "tab": "connections",
        "place": "projects",
        "leaf": leaf(connection_list(project_id=project_id), cursor=visit.request.GET.get("cursor", "")),
        "form": form,
    }
    return visit.answer("labelyard/project_connections.html", context, status=200 if data is None else 422)


@page
def connection(visit: Visit, *, connection_id: int) -> HttpResponse:
    """One connection: its listings, live; registering; new keys."""
    found = connection_get(connection_id=connection_id)
    form = KeysForm(visit.request.POST) if visit.request.method == "POST" else KeysForm()
    status = 200
    if form.is_bound and form.is_valid():
        try:
            keys = form.keys()
            if keys is None:
                raise refused("keys_incomplete", "Give an access key and its secret key.")
            connection_update(connection=found, keys=keys)
            return tested(visit, found)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
            status = 422
    return connection_page(visit, found, keys_form=form, status=status)


def connection_page(visit: Visit, found: Connection, *, status: int = 200, **more: Any) -> HttpResponse:
    shown = list(listing_list(connection_id=found.pk).order_by("-pk")[:LISTINGS_SHOWN])
    context = {
        "project": found.project,
        "tab": "connections",
        "place": "projects",
        "connection": found,
        "listings": shown,
        "register_form": RegisterForm(initial={"key_prefix": found.prefix}),
        "keys_form": KeysForm(),
        "watches": list(watch_list(connection_id=found.pk).order_by("pk")),
        "watch_form": WatchForm(initial={"key_prefix": found.prefix}, auto_id="watch_%s"),
        **more,
    }
    return visit.answer("labelyard/connection.html", context, status=status)


def tested(visit: Visit, made: Connection) -> HttpResponse:
    """Try the connection out, and say on its page what came of it."""
    trial = connection_test(connection=made)
    say = messages.success if trial.code == "ok" else messages.error
    say(visit.request, trial.sentence, extra_tags="good" if trial.code == "ok" else "bad")
    return redirect("connection", connection_id=made.pk)


@page
def connection_act(visit: Visit, *, connection_id: int) -> HttpResponse:
    """Do ``verb`` to the connection or to one of its listings, and go back."""
    verb = visit.request.POST.get("verb", "")
    found = connection_get(connection_id=connection_id)
    try:
        if verb == "test":
            return tested(visit, found)
        if verb == "remove":
            connection_delete(connection=found)
            return redirect("project-connections", project_id=found.project_id)
        listing_act(found, verb, visit.request.POST.get("listing", ""))
    except LabelyardError as error:
        messages.error(visit.request, error.sentence, extra_tags="bad")
    return redirect("connection", connection_id=connection_id)


def listing_act(found: Connection, verb: str, number: str) -> None:
    listing = listing_get(listing_id=int(number) if number.isascii() and number.isdigit() else 0)
    verbs = {"cancel": cancel, "retry": retry}
    if verb not in verbs or listing.connection_id != found.pk:
        raise refused("unknown_verb", "A connection is tested or removed, a listing cancelled or retried.")
    verbs[verb](listing)


def cancel(listing: Listing) -> None:
    listing_cancel(listing=listing)


def retry(listing: Listing) -> None:
    listing_retry(listing=listing)
