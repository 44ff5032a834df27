"""What a page of a bucket's listing comes to: new media, known ones, changed ones; and what is gone.

To be called inside the transaction of whoever holds the listing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings

from labeling.media.names import is_junk
from labeling.media.s3 import Listed
from labeling.models import BucketObject, Listing, Media, MediaSource, MediaState, WhenChanged
from labeling.services.events import event_write
from labeling.services.folder_registrations import is_picture, pictures_note
from labeling.services.media import ANEW
from labeling.services.media_of_buckets import STORE_FAILURES, UNREAD, media_source_note, title_of
from labeling.services.tallies import Tally

BATCH = 500
Bytes = tuple[str, int]
"""What tells objects apart before they are read: ETag and size."""


def hindrance(found: Listed, *, suffixes: Sequence[str]) -> str:
    """Return why the object is passed over, in one word for programs; blank when it is taken."""
    key = found.key
    reasons = {
        "folder": key.endswith("/"),
        "unstorable": not storable(key),
        "hidden": is_junk(key.rsplit("/", 1)[-1]),
        "other_kind": bool(suffixes) and not key.lower().endswith(tuple(suffixes)),
        "empty": found.size <= 0,
        "archived": found.archived,
        "too_large": found.size > settings.UPLOAD_MAX_BYTES,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def storable(key: str) -> bool:
    """Say whether the databases can hold the key."""
    return "\x00" not in key and not any("\ud800" <= sign <= "\udfff" for sign in key)


def page_register(*, listing: Listing, objects: Sequence[Listed]) -> Tally:
    """Register the new objects of a page, note those that changed, and mark all known ones as seen."""
    tally = Tally(seen=len(objects))
    rows = known_rows(listing, objects)
    same: list[int] = []
    fresh: list[Listed] = []
    pictures = folder_pictures(listing, objects) if listing.folders_as else set()
    for found in objects:
        row = rows.get(found.key)
        if row is None:
            reason = hindrance(found, suffixes=listing.suffixes)
            if reason:
                tally.reasons[reason] += 1
            elif found.key not in pictures:
                fresh.append(found)
        elif (row.etag, row.size_bytes) == (found.etag, found.size):
            same.append(row.pk)
        else:
            tally.changed += 1
            if change_note(row, found) and listing.when_changed == WhenChanged.REGISTER:
                fresh.append(found)
    tally.known = len(same)
    BucketObject.objects.filter(pk__in=[row.pk for row in rows.values()]).update(
        listing=listing, vanished=False
    )
    back_note(same)
    objects_add(listing, fresh, rows, tally)
    return tally


def folder_pictures(listing: Listing, objects: Sequence[Listed]) -> set[str]:
    """Note the pictures that become parts of series, and return their keys."""
    stored = [found for found in objects if storable(found.key) and not found.key.endswith("/")]
    pictures = [
        found for found in stored if is_picture(found.key) and not hindrance(found, suffixes=listing.suffixes)
    ]
    keys = {picture.key for picture in pictures}
    pictures_note(
        listing=listing, pictures=pictures, others=[found for found in stored if found.key not in keys]
    )
    return keys


def known_rows(listing: Listing, objects: Sequence[Listed]) -> dict[str, BucketObject]:
    keys = [found.key for found in objects if storable(found.key)]
    rows = BucketObject.objects.filter(connection_id=listing.connection_id, key__in=keys)
    return {row.key: row for row in rows.select_related("media")}


def back_note(same: Sequence[int]) -> None:
    """What is there again as it was registered is read again, and so is what could not be fetched."""
    rows = BucketObject.objects.filter(pk__in=same)
    for row in rows.exclude(media__source=MediaSource.PRESENT).select_related("media"):
        media_repoint(row.media, row)
    failed = Media.objects.filter(
        bucket_objects__in=rows, state=MediaState.FAILED, error_code__in=STORE_FAILURES
    )
    Media.objects.filter(pk__in=list(failed.values_list("pk", flat=True))).update(**ANEW)


def change_note(row: BucketObject, found: Listed) -> bool:
    """Note that another object lies under the row's key now; return whether it would be a media of its own.

    A media of this object alone that nobody has seen yet follows it; any other stays what it is.
    """
    media = row.media
    if media_reads(media, row):
        others = BucketObject.objects.filter(media=media).exclude(pk=row.pk)
        unread = Media.objects.filter(pk=media.pk, state__in=UNREAD, tasks=None)
        if not others.exists() and unread.update(
            **ANEW, etag=found.etag, size_bytes=found.size, sha256="", source=MediaSource.PRESENT
        ):
            row.etag, row.size_bytes = found.etag, found.size
            row.save(update_fields=["etag", "size_bytes"])
            return False
        source_lost(media, row, to=MediaSource.CHANGED)
    return True


def media_reads(media: Media, row: BucketObject) -> bool:
    """Say whether the media's bytes are read from this object."""
    return (media.connection_id, media.storage_key) == (row.connection_id, row.key)


def source_lost(media: Media, row: BucketObject, *, to: MediaSource) -> None:
    """The object that the media was read from is gone: read it from another of the same bytes, or say so."""
    others = BucketObject.objects.filter(media=media, vanished=False).exclude(pk=row.pk)
    other = others.first()
    if other is not None:
        media_repoint(media, other)
    else:
        media_source_note(media=media, source=to)


def media_repoint(media: Media, row: BucketObject) -> None:
    Media.objects.filter(pk=media.pk).update(
        connection_id=row.connection_id, storage_key=row.key, etag=row.etag, source=MediaSource.PRESENT
    )
    event_write(kind="media.found", project_id=media.project_id, media_id=media.pk, payload={"key": row.key})


def objects_add(
    listing: Listing, fresh: Sequence[Listed], rows: dict[str, BucketObject], tally: Tally
) -> None:
    """Register objects; those of the same ETag and size share one media."""
    media = media_known(listing, fresh)
    new = {bytes_of(found): media_made(listing, found) for found in reversed(fresh)}
    made = Media.objects.bulk_create(
        [one for told, one in new.items() if told not in media], batch_size=BATCH
    )
    media = {**new, **media}
    tally.added = len(made)
    tally.same = len(fresh) - len(made)
    objects = [
        BucketObject(
            connection_id=listing.connection_id,
            key=found.key,
            etag=found.etag,
            size_bytes=found.size,
            media=media[bytes_of(found)],
            listing=listing,
        )
        for found in fresh
    ]
    BucketObject.objects.filter(pk__in=[rows[one.key].pk for one in objects if one.key in rows]).delete()
    BucketObject.objects.bulk_create(objects, batch_size=BATCH)
    for one in objects:
        if one.media.source != MediaSource.PRESENT:
            media_repoint(one.media, one)


def media_known(listing: Listing, fresh: Sequence[Listed]) -> dict[Bytes, Media]:
    """Media of the connection whose objects have the same ETag and size."""
    etags = {found.etag for found in fresh if found.etag}
    rows = BucketObject.objects.filter(connection_id=listing.connection_id, etag__in=etags, vanished=False)
    rows |= BucketObject.objects.filter(
        connection_id=listing.connection_id, etag__in=etags, media__source=MediaSource.VANISHED
    )
    return {(row.etag, row.size_bytes): row.media for row in rows.select_related("media")}


def bytes_of(found: Listed) -> Bytes:
    """A store that gives no ETags tells nothing but the place."""
    return (found.etag or f"key {found.key}", found.size)


def media_made(listing: Listing, found: Listed) -> Media:
    return Media(
        project_id=listing.project_id,
        connection_id=listing.connection_id,
        title=title_of(found.key, below=listing.connection.prefix),
        storage_key=found.key,
        etag=found.etag,
        size_bytes=found.size,
        wants_task=listing.make_tasks,
        created_by_id=listing.created_by_id,
    )


def gone_note(*, listing: Listing, rows: Iterable[BucketObject]) -> int:
    """Note which of these objects the listing should have seen, and did not; return how many are new."""
    gone = [
        row
        for row in rows
        if row.listing_id != listing.pk and not row.vanished and row.key.startswith(listing.prefix)
    ]
    BucketObject.objects.filter(pk__in=[row.pk for row in gone]).update(vanished=True)
    for row in gone:
        if media_reads(row.media, row) and row.media.etag == row.etag:
            source_lost(row.media, row, to=MediaSource.VANISHED)
    return len(gone)
