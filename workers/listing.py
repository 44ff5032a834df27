"""Going over a bucket: a page a transaction, a turn at a time, from the last key that is committed."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from labeling import queue
from labeling.errors import LabelyardError
from labeling.media.errors import PASSING, StorageError
from labeling.media.s3 import ListedPage, S3Storage
from labeling.models import BucketFolder, BucketObject, Listing, ListingState
from labeling.selectors.connections import connection_storage
from labeling.services.folder_registrations import folders_register
from labeling.services.listings import listing_event
from labeling.services.registrations import gone_note, page_register
from labeling.services.tallies import Tally
from workers.announcing import holder_name
from workers.claim import lease_end
from workers.leaving import leaving
from workers.renewing import renewing

logger = logging.getLogger(__name__)

# A worker goes on for so long, then lets other work of its queue have its turn.
TURN_SECONDS = 5.0
KNOWN_AT_ONCE = 1000
# Each may have tens of thousands of pictures.
FOLDERS_AT_ONCE = 10
# Pauses that a store may ask for in a row, each twice as long as the one before.
WAITS_MAX = 8
PAUSE_SECONDS = 5
PAUSE_SECONDS_MAX = 300
COUNTS = ("seen", "added", "known", "same", "changed", "vanished", "skipped")


class ListingLost(Exception):
    """Somebody else holds the listing now, or it was cancelled. Whoever gets this writes nothing more."""


def list_next() -> bool:
    """Claim the oldest listing that is due and go on with it for a turn; False when there is none."""
    listing = claim_listing()
    if listing is None:
        return False
    with renewing(held(listing), what=f"listing {listing.pk}"):
        take_turn(listing)
    return True


def due_listings() -> QuerySet[Listing]:
    return Listing.objects.filter(state=ListingState.QUEUED).filter(Q(due_at=None) | Q(due_at__lte=Now()))


def claim_listing() -> Listing | None:
    """Claim by conditional UPDATE; a race lost is tried with the next one."""
    while True:
        # Who has had least goes first: every turn ends with the listing at the end of the line.
        listing = due_listings().order_by(F("due_at").asc(nulls_first=True), "pk").first()
        if listing is None:
            return None
        won = Listing.objects.filter(pk=listing.pk, state=ListingState.QUEUED, token=listing.token).update(
            state=ListingState.RUNNING,
            token=listing.token + 1,
            holder=holder_name(),
            lease_expires_at=lease_end(),
            started_at=Coalesce(F("started_at"), Now()),
            due_at=None,
        )
        if won:
            return Listing.objects.select_related("connection").get(pk=listing.pk)


def held(listing: Listing) -> QuerySet[Listing]:
    return Listing.objects.filter(pk=listing.pk, token=listing.token, state=ListingState.RUNNING)


def take_turn(listing: Listing) -> None:
    """Go on until the end, the end of the turn, or what is in the way; say which."""
    deadline = time.monotonic() + TURN_SECONDS
    try:
        storage = connection_storage(listing.connection)
        while step(listing, storage):
            if time.monotonic() > deadline or leaving():
                leave(listing, state=ListingState.QUEUED, due_at=Now())
                return
        leave(listing, state=ListingState.SUCCEEDED, finished_at=Now())
    except ListingLost:
        logger.info("Listing %s was taken away while it ran.", listing.pk)
    except StorageError as error:
        stop(listing, code=error.code, sentence=error.sentence)
    except LabelyardError as error:
        stop(listing, code=error.code, sentence=error.sentence)


def step(listing: Listing, storage: S3Storage) -> bool:
    """Do one page of the bucket, or some of the folders or objects known; False when nothing is left."""
    if listing.all_listed:
        return fold(listing) or compare(listing)
    page = storage.page(prefix=listing.prefix, after=listing.cursor)
    order_check(listing, page)
    with transaction.atomic():
        take(listing)
        tally = page_register(listing=listing, objects=page.objects)
        if page.objects:
            listing.cursor = page.objects[-1].key
        listing.all_listed = page.last
        commit(listing, tally)
    return True


def order_check(listing: Listing, page: ListedPage) -> None:
    """A listing goes by keys: a store that gives them out of order would be gone over for ever."""
    bucket = listing.connection.bucket
    keys = [listing.cursor, *(found.key for found in page.objects)]
    if any(octets(later) <= octets(earlier) for earlier, later in pairwise(keys)):
        sentence = f"The bucket {bucket} does not list its keys in order, so it cannot be gone over."
        raise StorageError("corrupt", sentence)
    if not all(found.key.startswith(listing.prefix) for found in page.objects):
        raise StorageError("corrupt", f"The bucket {bucket} lists keys that were not asked for.")


def octets(key: str) -> bytes:
    """Stores order keys by their bytes."""
    return key.encode("utf-8", "surrogatepass")


def fold(listing: Listing) -> bool:
    """Make media of some folders, now that all their pictures are known; False when none are left."""
    if not listing.folders_as:
        return False
    rows = BucketFolder.objects.filter(connection_id=listing.connection_id, pk__gt=listing.folded)
    folders = list(rows.select_related("media").order_by("pk")[:FOLDERS_AT_ONCE])
    if not folders:
        return False
    with transaction.atomic():
        take(listing)
        listing.folded = folders[-1].pk
        commit(listing, folders_register(listing=listing, folders=folders))
    return True


def compare(listing: Listing) -> bool:
    """Look at some of the objects that are known, for those that the listing did not see."""
    rows = BucketObject.objects.filter(connection_id=listing.connection_id, pk__gt=listing.compared)
    known = list(rows.select_related("media").order_by("pk")[:KNOWN_AT_ONCE])
    if not known:
        return False
    with transaction.atomic():
        take(listing)
        listing.compared = known[-1].pk
        commit(listing, Tally(vanished=gone_note(listing=listing, rows=known)))
    return True


def take(listing: Listing) -> None:
    """The first statement of every commit. Raises ListingLost."""
    if not held(listing).update(lease_expires_at=lease_end()):
        raise ListingLost


def commit(listing: Listing, tally: Tally) -> None:
    """Store how far the listing is, in the caller's transaction, and tell of it."""
    for name in COUNTS:
        setattr(listing, name, getattr(listing, name) + getattr(tally, name))
    for reason, count in (tally.reasons + tally.told).items():
        listing.reasons[reason] = listing.reasons.get(reason, 0) + count
    listing.waits = listing.losses = 0
    listing.error_code = listing.error = ""
    listing.save(
        update_fields=[
            "cursor",
            "all_listed",
            "folded",
            "compared",
            "reasons",
            "waits",
            "losses",
            "error_code",
            "error",
            *COUNTS,
        ]
    )
    listing_event(listing, "listing.progress")
    if tally.added:
        queue.ring_on_commit("media", times=tally.added)


@transaction.atomic
def leave(listing: Listing, *, state: ListingState, **told: object) -> None:
    """Give the listing back: to its end, or to the line."""
    if not held(listing).update(state=state, lease_expires_at=None, holder="", **told):
        raise ListingLost
    listing.state = state
    if state == ListingState.QUEUED:
        queue.ring_on_commit("media")
    else:
        listing_event(listing, "listing.finished", **{key: told[key] for key in ("error",) if key in told})


def stop(listing: Listing, *, code: str, sentence: str) -> None:
    """Wait, where that may help and has not been done too often; else fail with the reason."""
    waits = listing.waits + 1
    try:
        if code in PASSING and waits <= WAITS_MAX:
            pause = min(PAUSE_SECONDS * 2 ** (waits - 1), PAUSE_SECONDS_MAX)
            due = Now() + timedelta(seconds=pause)
            leave(
                listing, state=ListingState.QUEUED, waits=waits, due_at=due, error_code=code, error=sentence
            )
        else:
            leave(listing, state=ListingState.FAILED, error_code=code, error=sentence, finished_at=Now())
    except ListingLost:
        logger.info("Listing %s was taken away while it ran.", listing.pk)
