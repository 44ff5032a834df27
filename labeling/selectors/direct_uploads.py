"""Reading direct uploads, and by which way files arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from labeling.errors import forbidden, not_found
from labeling.media.configured import direct_store
from labeling.media.errors import StorageError
from labeling.media.parts import part_count, part_size
from labeling.media.s3 import DirectStore, PartThere
from labeling.models import DirectUpload, UploadState, User

OPEN_FOR = timedelta(days=1)
"""How long an upload waits for its sender to go on."""


@dataclass(frozen=True)
class UploadWay:
    """How files arrive: ``direct`` ones of ``min_bytes`` and more go straight into the bucket, all others
    through the server. ``sentence`` says so to people; ``source`` is the bucket for the pages' policy."""

    direct: bool
    sentence: str
    min_bytes: int
    max_bytes: int
    source: str


def upload_way() -> UploadWay:
    """Say by which way files arrive in this installation."""
    source, sentence = "", "Files go through the server."
    try:
        store = direct_store()
        if store is not None:
            source, sentence = store.source, "Files go straight into the bucket."
    except StorageError as error:
        sentence = f"Files go through the server: {error.sentence}"
    return UploadWay(
        direct=bool(source),
        sentence=sentence,
        min_bytes=settings.DIRECT_UPLOAD_MIN_BYTES,
        max_bytes=settings.UPLOAD_MAX_BYTES,
        source=source,
    )


def upload_get(*, user: User, upload_id: int) -> DirectUpload:
    """Return an upload of the user's. Raises ``not_found``; ``forbidden`` for somebody else's."""
    upload = DirectUpload.objects.select_related("project").filter(pk=upload_id).first()
    if upload is None:
        raise not_found("upload")
    if upload.created_by_id != user.pk:
        raise forbidden("Somebody else began this upload; only they go on with it.")
    return upload


def parts_there(upload: DirectUpload, *, store: DirectStore) -> list[PartThere]:
    """Return the parts in the bucket that are as large as they have to be. Raises StorageError."""
    return [
        part
        for part in store.parts(upload.storage_key, upload.store_upload)
        if 1 <= part.number <= parts_of(upload)
        and part.size == part_size(part.number, size=upload.size_bytes, part_bytes=upload.part_bytes)
    ]


def parts_of(upload: DirectUpload) -> int:
    """Return how many parts the file has."""
    return part_count(upload.size_bytes, part_bytes=upload.part_bytes)


def is_open(upload: DirectUpload) -> bool:
    """Say whether its sender may go on with it."""
    return upload.state == UploadState.OPEN
