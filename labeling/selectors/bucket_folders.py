"""The pictures of a bucket's folder, as the series that they are together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from labeling.media.errors import StorageError
from labeling.media.names import natural_key
from labeling.media.s3 import Member, Series
from labeling.models import BucketFolder, Media


def folder_members(folder: BucketFolder) -> list[Member]:
    """Return the pictures in the order of their frames."""
    rows = folder.pictures.values_list("name", "etag", "size_bytes")
    members = [Member(name, folder.prefix + name, etag, size) for name, etag, size in rows]
    return sorted(members, key=lambda member: natural_key(member.name))


def members_digest(members: Sequence[Member]) -> str:
    """Return a SHA-256, in hexadecimal, that is another one when any picture is another one."""
    whole = hashlib.sha256()
    for member in members:
        whole.update(f"{member.name}\0{member.etag}\0{member.size}\n".encode())
    return whole.hexdigest()


def folder_series(media: Media) -> Series:
    """Return the pictures that a media of a folder is made of.

    Raises StorageError: ``changed`` when a listing found others there since, ``missing``.
    """
    folder = BucketFolder.objects.filter(
        connection=media.connection, prefix=media.storage_key, vanished=False
    ).first()
    place = media.storage_key or "the bucket itself"
    if folder is None:
        raise StorageError("missing", f"There is no folder {place} in the bucket any more.")
    members = folder_members(folder)
    if members_digest(members) != media.etag:
        raise StorageError("changed", f"The pictures in {place} are not those that were registered.")
    return Series(media.storage_key, media.etag, media.uploaded_as, members)
