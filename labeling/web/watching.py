"""What people do to the watches of a connection, on its page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from labeling.errors import LabelyardError, refused
from labeling.models import Connection, Watch
from labeling.selectors.connections import connection_get
from labeling.selectors.watches import watch_get
from labeling.services.watches import (
    watch_create,
    watch_delete,
    watch_switch_off,
    watch_switch_on,
)
from labeling.web.connection_forms import WatchForm
from labeling.web.guard import Visit, page
from labeling.web.project_connections import connection_page


@page
def watch_act(visit: Visit, *, connection_id: int) -> HttpResponse:
    """Make a watch, or do ``verb`` to one of the connection's, and go back to its page."""
    found = connection_get(connection_id=connection_id)
    verb = visit.request.POST.get("verb", "")
    if verb not in VERBS:
        return watch_made(visit, found)
    try:
        VERBS[verb](visit, watch_of(found, visit.request.POST.get("watch", "")))
    except LabelyardError as error:
        messages.error(visit.request, error.sentence, extra_tags="bad")
    return redirect("connection", connection_id=connection_id)


def watch_made(visit: Visit, found: Connection) -> HttpResponse:
    form = WatchForm(visit.request.POST, auto_id="watch_%s")
    if form.is_valid():
        try:
            watch_create(
                user=visit.user,
                connection=found,
                order=form.order(),
                every_minutes=form.cleaned_data["every_minutes"],
                at=form.cleaned_data["at"],
            )
            messages.success(visit.request, "The watch was made, and is off.", extra_tags="good")
            return redirect("connection", connection_id=found.pk)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    return connection_page(visit, found, watch_form=form, status=422)


def watch_of(found: Connection, number: str) -> Watch:
    watch = watch_get(
        watch_id=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    )
    if watch.connection_id != found.pk:
        raise refused("unknown_watch", "That is no watch of this connection.")
    return watch


def switch_on(visit: Visit, watch: Watch) -> None:
    watch_switch_on(user=visit.user, watch=watch)


def switch_off(visit: Visit, watch: Watch) -> None:
    watch_switch_off(watch=watch)


def remove(visit: Visit, watch: Watch) -> None:
    watch_delete(watch=watch)


VERBS: dict[str, Callable[[Visit, Watch], None]] = {"on": switch_on, "off": switch_off, "remove": remove}
