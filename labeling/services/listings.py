"""Listings of buckets: ordered, looked into before, cancelled, taken up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from labeling import queue
from labeling.errors import LabelyardError, conflict, refused
from labeling.media.errors import StorageError
from labeling.media.sniff import FORMS
from labeling.models import BucketFolder, BucketObject, Connection, Listing, ListingState, User, WhenChanged
from labeling.models.listing import ACTIVE_LISTINGS
from labeling.selectors.connections import connection_storage
from labeling.services.events import event_write
from labeling.services.folder_registrations import folder_of, is_picture
from labeling.services.media import storage_refusal
from labeling.services.registrations import hindrance

KINDS = ("video", "image", "dicom", "other")
KINDS_WITH_FRAMES = ("video", "image", "dicom")
SUFFIXES_MAX = 100
SAMPLE = 10


@dataclass(frozen=True)
class ListingOrder:
    """What to register: keys below ``prefix`` (whole, beginning with the connection's; None: that) that end
    with one of ``suffixes``; none of them: all. With ``folders_as`` the pictures of each folder are one media
    of that kind."""

    prefix: str | None = None
    suffixes: Sequence[str] = ()
    folders_as: str = ""
    when_changed: str = WhenChanged.SAY
    make_tasks: bool = True


@dataclass(frozen=True)
class Preview:
    """What the first page of a listing would come to; ``whole`` when there is no other page."""

    seen: int
    new: int
    known: int
    skipped: dict[str, int]
    sample: list[str] = field(default_factory=list)
    whole: bool = False


def suffixes_of(kinds: Iterable[str], more: Iterable[str] = ()) -> list[str]:
    """Return the endings of the files of ``kinds``, and ``more`` with their dots, in lower case.

    Raises ``unknown_kind`` (422).
    """
    found = {suffix_written(suffix) for suffix in more}
    for kind in kinds:
        if kind not in KINDS:
            raise refused("unknown_kind", f"There is no kind “{kind}”; there are {', '.join(KINDS)}.")
        wanted = "opaque" if kind == "other" else kind
        found |= {suffix for form in FORMS if form.kind == wanted for suffix in form.suffixes}
    if len(found) > SUFFIXES_MAX:
        raise refused("too_many_suffixes", f"At most {SUFFIXES_MAX} endings can be named.")
    return sorted(found)


def suffix_written(text: str) -> str:
    return f".{text.strip().lower().lstrip('.')}"


def listing_create(*, user: User | None, connection: Connection, order: ListingOrder) -> Listing:
    """Queue the registration of what lies in the bucket; a worker goes over it page by page.

    Raises ``listing_active`` (409) with the one that is under way, ``prefix_outside``,
    ``prefix_no_folder`` (422).
    """
    listing = listing_made(user, connection, order)
    try:
        with transaction.atomic():
            listing.save()
            listing_event(listing, "listing.queued", by=user.username if user else None)
            queue.ring_on_commit("media")
    except IntegrityError as error:
        raise already_active(connection) from error
    return listing


def listing_made(user: User | None, connection: Connection, order: ListingOrder) -> Listing:
    prefix = connection.prefix if order.prefix is None else order.prefix
    if not prefix.startswith(connection.prefix):
        sentence = f"“{prefix}” does not begin with the connection's prefix, “{connection.prefix}”."
        raise refused("prefix_outside", sentence)
    if order.folders_as and prefix and not prefix.endswith("/"):
        sentence = f"“{prefix}” is no folder: to register whole folders, name one, with the slash at its end."
        raise refused("prefix_no_folder", sentence)
    return Listing(
        project_id=connection.project_id,
        connection=connection,
        prefix=prefix,
        suffixes=list(order.suffixes),
        folders_as=order.folders_as,
        when_changed=order.when_changed,
        make_tasks=order.make_tasks,
        created_by=user,
    )


def already_active(connection: Connection) -> LabelyardError:
    active = Listing.objects.filter(connection=connection, state__in=ACTIVE_LISTINGS).first()
    sentence = f"“{connection}” is being listed already. Wait for it, or cancel it."
    return conflict("listing_active", sentence, listing=active.pk if active else None)


def listing_preview(*, connection: Connection, order: ListingOrder) -> Preview:
    """Say what the first 1,000 keys would come to; nothing is written. Raises ``storage_…``."""
    listing = listing_made(None, connection, order)
    try:
        page = connection_storage(connection).page(prefix=listing.prefix, after="")
    except StorageError as error:
        raise storage_refusal(error) from error
    rows = BucketObject.objects.filter(connection=connection, key__in=[found.key for found in page.objects])
    known = set(rows.values_list("key", flat=True))
    fresh = [found for found in page.objects if found.key not in known]
    skipped: Counter[str] = Counter()
    new: list[str] = []
    folders: set[str] = set()
    for found in fresh:
        reason = hindrance(found, suffixes=listing.suffixes)
        if reason:
            skipped[reason] += 1
        elif order.folders_as and is_picture(found.key):
            folders.add(folder_of(found.key))
        else:
            new.append(found.key)
    registered = BucketFolder.objects.filter(connection=connection, prefix__in=folders).exclude(media=None)
    known |= (seen := set(registered.values_list("prefix", flat=True)))
    new = sorted([*new, *(folders - seen)])
    return Preview(
        seen=len(page.objects),
        new=len(new),
        known=len(known),
        skipped=dict(skipped),
        sample=new[:SAMPLE],
        whole=page.last,
    )


@transaction.atomic
def listing_cancel(*, listing: Listing) -> None:
    """End a listing; what it registered stays. Raises ``listing_over`` (409)."""
    won = Listing.objects.filter(pk=listing.pk, state__in=ACTIVE_LISTINGS).update(
        state=ListingState.CANCELLED, lease_expires_at=None, holder="", finished_at=Now()
    )
    listing.refresh_from_db()
    if not won:
        raise conflict("listing_over", f"The listing is {listing.get_state_display().lower()} already.")
    listing_event(listing, "listing.finished")


def listing_retry(*, listing: Listing) -> None:
    """Go on with a listing that failed or was cancelled, after the last key it had got to.

    Raises ``listing_active``, ``listing_over`` (409).
    """
    stopped = (ListingState.FAILED, ListingState.CANCELLED)
    try:
        with transaction.atomic():
            won = Listing.objects.filter(pk=listing.pk, state__in=stopped).update(
                state=ListingState.QUEUED,
                waits=0,
                losses=0,
                due_at=None,
                error_code="",
                error="",
                finished_at=None,
            )
            listing.refresh_from_db()
            if won:
                listing_event(listing, "listing.queued")
                queue.ring_on_commit("media")
    except IntegrityError as error:
        raise already_active(listing.connection) from error
    if not won:
        raise conflict(
            "listing_over", "Only a listing that failed or was cancelled goes on. Order another one."
        )


def listing_event(listing: Listing, kind: str, **more: Any) -> None:
    """Tell how far a listing is."""
    counts = {name: getattr(listing, name) for name in ("seen", "added", "changed", "vanished", "skipped")}
    told = {"listing": listing.pk, "connection": listing.connection_id, "state": str(listing.state)}
    event_write(kind=kind, project_id=listing.project_id, payload={**told, **counts, **more})
