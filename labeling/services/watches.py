"""Watches: listings that are repeated by themselves. Off until somebody switches one on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from labeling.errors import LabelyardError, conflict, refused
from labeling.models import (
    Connection,
    Listing,
    ListingState,
    NotificationKind,
    User,
    Watch,
    WatchState,
)
from labeling.models.listing import ACTIVE_LISTINGS
from labeling.services.events import event_write
from labeling.services.listings import ListingOrder, listing_create, listing_made
from labeling.services.notifications import managers_notify

EVERY_LEAST, EVERY_MOST = 5, 60 * 24 * 31
"""Minutes between two listings."""
WATCHES_MOST = 50
FAILURES_MOST = 5
RHYTHMS = (("every_minutes", "at"), ("at", "every_minutes"))
# While another listing of the connection is at work.
AGAIN_AFTER = timedelta(minutes=1)


def watch_create(
    *,
    user: User | None,
    connection: Connection,
    order: ListingOrder,
    every_minutes: int | None = None,
    at: time | None = None,
) -> Watch:
    """Make a watch, which is off: ``order`` every so many minutes, or daily ``at`` a time (UTC).

    Raises ``prefix_outside``, ``prefix_no_folder``, ``rhythm_unclear``, ``every_out_of_range`` (422),
    ``watch_exists``, ``too_many_watches`` (409).
    """
    if Watch.objects.filter(connection=connection).count() >= WATCHES_MOST:
        raise conflict("too_many_watches", f"The connection has {WATCHES_MOST} watches. Remove one first.")
    watch = Watch(
        project_id=connection.project_id,
        connection=connection,
        every_minutes=every_minutes,
        at=at,
        created_by=user,
    )
    order_put(watch, order)
    rhythm_check(watch)
    watch_save(watch)
    return watch


@transaction.atomic
def watch_update(*, watch: Watch, **changes: Any) -> Watch:
    """Change ``prefix``, ``suffixes``, ``folders_as``, ``when_changed``, ``make_tasks``, ``every_minutes`` or
    ``at``.

    A time of day takes the place of minutes, and the other way round. Raises as ``watch_create`` does.
    """
    for name, other in RHYTHMS:
        if changes.get(name) is not None:
            changes.setdefault(other, None)
    rhythm = {name: changes.pop(name) for name, _ in RHYTHMS if name in changes}
    order_put(watch, replace(order_of(watch), **changes))
    for name, value in rhythm.items():
        setattr(watch, name, value)
    rhythm_check(watch)
    if rhythm and watch.state == WatchState.ON:
        watch.next_at = following(watch, after=timezone.now())
    watch_save(watch, *changes, *rhythm, "next_at")
    return watch


def order_of(watch: Watch) -> ListingOrder:
    """Return what each of its listings registers."""
    return ListingOrder(
        prefix=watch.prefix,
        suffixes=tuple(watch.suffixes),
        folders_as=watch.folders_as,
        when_changed=watch.when_changed,
        make_tasks=watch.make_tasks,
    )


def order_put(watch: Watch, order: ListingOrder) -> None:
    """Write the order into the row. Raises ``prefix_outside``, ``prefix_no_folder`` (422)."""
    made = listing_made(None, watch.connection, order)
    for name in ("prefix", "suffixes", "folders_as", "when_changed", "make_tasks"):
        setattr(watch, name, getattr(made, name))


def rhythm_check(watch: Watch) -> None:
    if (watch.every_minutes is None) == (watch.at is None):
        raise refused(
            "rhythm_unclear", "Say every how many minutes it lists, or at what time of day: one of both."
        )
    if watch.every_minutes is not None and not EVERY_LEAST <= watch.every_minutes <= EVERY_MOST:
        sentence = f"Between two listings there are {EVERY_LEAST} to {EVERY_MOST:,} minutes."
        raise refused("every_out_of_range", sentence)


def watch_save(watch: Watch, *fields: str) -> None:
    try:
        with transaction.atomic():
            watch.save(update_fields=sorted(fields) if watch.pk else None)
            watch_event(watch, "watch.changed")
    except IntegrityError as error:
        sentence = f"“{watch.connection}” has a watch of “{watch.prefix}” already. Change that one."
        raise conflict("watch_exists", sentence) from error


@transaction.atomic
def watch_delete(*, watch: Watch) -> None:
    """Remove it. Its listings, and what they registered, stay."""
    watch_event(watch, "watch.removed")
    Watch.objects.filter(pk=watch.pk).delete()


@transaction.atomic
def watch_switch_on(*, user: User | None, watch: Watch) -> Watch:
    """List from now on: at once, or at the next time of day. Raises ``watch_state`` (409)."""
    now = timezone.now()
    # The prefix of the connection may have changed since.
    listing_made(None, watch.connection, order_of(watch))
    rows = Watch.objects.filter(pk=watch.pk).exclude(state=WatchState.ON)
    won = rows.update(
        state=WatchState.ON,
        next_at=now if watch.at is None else following(watch, after=now),
        switched_by=user,
        listing=None,
        failures=0,
        error_code="",
        error="",
    )
    return switched(watch, won, "on")


@transaction.atomic
def watch_switch_off(*, watch: Watch) -> Watch:
    """List no more; a listing that is at work goes on. Raises ``watch_state`` (409)."""
    rows = Watch.objects.filter(pk=watch.pk).exclude(state=WatchState.OFF)
    return switched(watch, rows.update(state=WatchState.OFF, next_at=None, error_code="", error=""), "off")


def switched(watch: Watch, won: int, state: str) -> Watch:
    if not won:
        raise conflict("watch_state", f"The watch is {state} already.")
    watch.refresh_from_db()
    watch_event(watch, "watch.changed")
    return watch


def following(watch: Watch, *, after: datetime) -> datetime:
    """Return when it lists next, later than ``after``."""
    if watch.at is None:
        return after + timedelta(minutes=watch.every_minutes or EVERY_LEAST)
    today = datetime.combine(after.date(), watch.at, tzinfo=after.tzinfo)
    return today if today > after else today + timedelta(days=1)


def watch_list_next(*, watch: Watch) -> bool:
    """Order the listing of a watch that is due; False when it was somebody else's turn, or has to wait.

    The row is moved on in the transaction that orders it, so each time has one listing. Times that were
    missed are not made up for. After ``FAILURES_MOST`` failures in a row it is paused, and managers are told.
    """
    last = watch.listing
    if last is not None and last.state in ACTIVE_LISTINGS:
        return moved(watch, to=timezone.now() + AGAIN_AFTER) and False
    failures = watch.failures + 1 if last is not None and last.state == ListingState.FAILED else 0
    if last is not None and failures >= FAILURES_MOST:
        sentence = f"Its last {failures} listings failed, so it was paused: {last.error}"
        watch_pause(watch=watch, code=last.error_code or "listing_failed", sentence=sentence)
        return False
    due = watch.next_at or timezone.now()
    try:
        with transaction.atomic():
            to = following(watch, after=max(due, timezone.now()))
            if not moved(watch, to=to):
                return False
            order = order_of(watch)
            listing = listing_create(user=watch.switched_by, connection=watch.connection, order=order)
            Listing.objects.filter(pk=listing.pk).update(watch=watch)
            Watch.objects.filter(pk=watch.pk).update(listing=listing, failures=failures)
            idle_forget(watch, last)
            watch_event(watch, "watch.listed", listing=listing.pk)
    except LabelyardError as error:
        if error.code == "listing_active":
            return moved(watch, to=timezone.now() + AGAIN_AFTER) and False
        watch_pause(watch=watch, code=error.code, sentence=error.sentence)
        return False
    return True


def moved(watch: Watch, *, to: datetime) -> bool:
    """Move the time of the next listing, unless somebody else has."""
    rows = Watch.objects.filter(pk=watch.pk, state=WatchState.ON, next_at=watch.next_at)
    return bool(rows.update(next_at=to))


def idle_forget(watch: Watch, last: Listing | None) -> None:
    """Remove earlier listings that found everything as it was; objects point at ``last``, so it stays."""
    if last is None:
        return
    idle = Q(state=ListingState.SUCCEEDED, added=0, same=0, changed=0, vanished=0)
    Listing.objects.filter(idle, watch=watch, pk__lt=last.pk).delete()


@transaction.atomic
def watch_pause(*, watch: Watch, code: str, sentence: str) -> None:
    """Pause a watch that is on, and tell the project's managers why; once, however often it is asked."""
    on = Watch.objects.filter(pk=watch.pk, state=WatchState.ON)
    if on.update(state=WatchState.PAUSED, next_at=None, error_code=code, error=sentence):
        watch.refresh_from_db()
        watch_event(watch, "watch.paused", code=code, sentence=sentence)
        managers_notify(
            kind=NotificationKind.WATCH,
            project_id=watch.project_id,
            note=f"{watch}: {sentence}",
            watch=watch,
        )


def watch_event(watch: Watch, kind: str, **more: object) -> None:
    """Tell pages that something is otherwise with the watch."""
    told = {"watch": watch.pk, "connection": watch.connection_id, "state": str(WatchState(watch.state))}
    event_write(kind=kind, project_id=watch.project_id, payload={**told, **more})
