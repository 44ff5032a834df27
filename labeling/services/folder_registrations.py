"""Folders of a bucket as series: a listing notes their pictures page by page, and makes media of the whole
folders at its end.

To be called inside the transaction of whoever holds the listing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F

from labeling.media.limits import MediaLimits
from labeling.media.names import is_junk
from labeling.media.s3 import Listed
from labeling.media.sniff import IMAGE_SUFFIXES
from labeling.models import (
    BucketFolder,
    FolderPicture,
    Listing,
    Media,
    MediaSource,
    MediaState,
    WhenChanged,
)
from labeling.selectors.bucket_folders import folder_members, members_digest
from labeling.services.events import event_write
from labeling.services.media import ANEW
from labeling.services.media_of_buckets import STORE_FAILURES, UNREAD, media_source_note, title_of
from labeling.services.tallies import Tally

BATCH = 500
PICTURES_MAX = MediaLimits().max_pictures


@dataclass(frozen=True)
class Found:
    """What a listing found in a folder: a digest of its pictures, and their bytes together."""

    digest: str
    size: int


def folder_of(key: str) -> str:
    """Return the key's folder, with the slash at its end; blank for the bucket itself."""
    return key[: key.rfind("/") + 1]


def is_picture(key: str) -> bool:
    """Say whether the ending of the key is that of a picture."""
    return key.lower().endswith(tuple(IMAGE_SUFFIXES))


def pictures_note(*, listing: Listing, pictures: Sequence[Listed], others: Sequence[Listed]) -> None:
    """Keep which pictures of which folders a page holds, and that there is something else beside them."""
    beside = Counter(folder_of(one.key) for one in others if not is_junk(one.key.rsplit("/", 1)[-1]))
    prefixes = {*(folder_of(picture.key) for picture in pictures), *beside}
    made = [BucketFolder(connection_id=listing.connection_id, prefix=prefix) for prefix in sorted(prefixes)]
    BucketFolder.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    rows = BucketFolder.objects.filter(connection_id=listing.connection_id, prefix__in=prefixes)
    rows.exclude(listing=listing).update(listing=listing, others=0)
    ids = dict(rows.values_list("prefix", "pk"))
    for prefix, count in beside.items():
        BucketFolder.objects.filter(pk=ids[prefix]).update(others=F("others") + count)
    FolderPicture.objects.bulk_create(
        [
            FolderPicture(
                folder_id=ids[folder_of(picture.key)],
                name=picture.key.rsplit("/", 1)[-1],
                etag=picture.etag,
                size_bytes=picture.size,
                listing=listing,
            )
            for picture in pictures
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["folder", "name"],
        update_fields=["etag", "size_bytes", "listing"],
    )


def folders_register(*, listing: Listing, folders: Sequence[BucketFolder]) -> Tally:
    """Make media of folders that the listing has been over, and note those that changed or are gone."""
    tally = Tally()
    for folder in folders:
        if folder.prefix.startswith(listing.prefix):
            folder_register(listing, folder, tally)
    return tally


def folder_register(listing: Listing, folder: BucketFolder, tally: Tally) -> None:
    folder.pictures.exclude(listing=listing).delete()
    count = folder.pictures.count()
    if count == 0:
        folder_gone(folder, tally)
        return
    if folder.others:
        tally.told["mixed_folder"] += 1
    if count > PICTURES_MAX:
        tally.reasons["too_many_pictures"] += 1
        return
    members = folder_members(folder)
    total = sum(member.size for member in members)
    if total > settings.UPLOAD_MAX_BYTES:
        tally.reasons["folder_too_large"] += 1
        return
    folder.vanished = False
    found = Found(members_digest(members), total)
    if media_follow(listing, folder, found, tally):
        folder.kind, folder.digest = listing.folders_as, found.digest
    folder.save(update_fields=["media", "kind", "digest", "vanished"])


def media_follow(listing: Listing, folder: BucketFolder, found: Found, tally: Tally) -> bool:
    """Make the folder's media what was found, or a new one; False where it stays what it was."""
    media = folder.media
    if media is None or folder.kind != listing.folders_as:
        folder.media = folder_media(listing, folder, found)
        tally.added += 1
        return True
    if folder.digest == found.digest:
        tally.known += 1
        back_note(folder, media, found)
        return True
    tally.changed += 1
    if not change_note(folder, media, found):
        return True
    if listing.when_changed == WhenChanged.REGISTER:
        folder.media = folder_media(listing, folder, found)
        tally.added += 1
        return True
    return False


def folder_gone(folder: BucketFolder, tally: Tally) -> None:
    """No picture is left there. A folder that never had any is forgotten."""
    if folder.media is None:
        folder.delete()
        return
    if not folder.vanished:
        BucketFolder.objects.filter(pk=folder.pk).update(vanished=True)
        tally.vanished += 1
        if reads(folder.media, folder):
            media_source_note(media=folder.media, source=MediaSource.VANISHED)


def reads(media: Media, folder: BucketFolder) -> bool:
    """Say whether the media's pictures are those that were registered from this folder."""
    place = (folder.connection_id, folder.prefix, folder.digest)
    return (media.connection_id, media.storage_key, media.etag) == place


def folder_media(listing: Listing, folder: BucketFolder, found: Found) -> Media:
    connection = listing.connection
    return Media.objects.create(
        project_id=listing.project_id,
        connection_id=listing.connection_id,
        title=title_of(folder.prefix.rstrip("/") or connection.bucket, below=connection.prefix),
        uploaded_as=listing.folders_as,
        storage_key=folder.prefix,
        etag=found.digest,
        size_bytes=found.size,
        wants_task=listing.make_tasks,
        created_by_id=listing.created_by_id,
    )


def back_note(folder: BucketFolder, media: Media, found: Found) -> None:
    """What is there again as it was registered is read again, and so is what could not be fetched."""
    if media.source != MediaSource.PRESENT:
        Media.objects.filter(pk=media.pk).update(
            connection_id=folder.connection_id,
            storage_key=folder.prefix,
            etag=found.digest,
            source=MediaSource.PRESENT,
        )
        told = {"key": folder.prefix}
        event_write(kind="media.found", project_id=media.project_id, media_id=media.pk, payload=told)
    Media.objects.filter(pk=media.pk, state=MediaState.FAILED, error_code__in=STORE_FAILURES).update(**ANEW)


def change_note(folder: BucketFolder, media: Media, found: Found) -> bool:
    """Note that the folder holds other pictures now; return whether they would be a media of their own.

    A media that nobody has seen yet follows them; any other stays what it is.
    """
    if reads(media, folder):
        unread = Media.objects.filter(pk=media.pk, state__in=UNREAD, tasks=None)
        if unread.update(
            **ANEW, etag=found.digest, size_bytes=found.size, sha256="", source=MediaSource.PRESENT
        ):
            return False
        media_source_note(media=media, source=MediaSource.CHANGED)
    return True
