"""Uploads straight into the bucket: begun, given addresses for their parts, completed to a media.

No transaction is open while the store is asked. Whoever moves the row out of ``open`` first has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from labeling.errors import LabelyardError, conflict, refused
from labeling.media.configured import direct_store, media_storage
from labeling.media.errors import StorageError
from labeling.media.parts import part_bytes_for, part_size
from labeling.media.s3 import DirectStore, PartThere
from labeling.media.s3 import Landed as LandedObject
from labeling.media.sniff import is_archive
from labeling.models import DirectUpload, Project, UploadState, User
from labeling.selectors.direct_uploads import is_open, parts_of, parts_there
from labeling.services.media import (
    TITLE_MAX,
    Landed,
    Registered,
    media_of_bytes,
    media_store,
    storage_refusal,
)

URL_SECONDS = 900
OPEN_MAX = 100
TOLD_PARTS = 100
FOLDER = "direct"
"""Of the store: what people put there themselves. A key is never used twice."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a sender says of a file: ``sha256`` (hexadecimal) where it is known, and a ``fingerprint`` that
    tells the file from others, so that an upload that broke off is gone on with."""

    title: str
    size: int
    kind: str = ""
    sha256: str = ""
    fingerprint: str = ""
    make_task: bool = True


@dataclass(frozen=True)
class Begun:
    """``created`` is False for one that was open already, and for bytes that the project has."""

    upload: DirectUpload
    created: bool


@dataclass(frozen=True)
class PartAddress:
    """Where to put a part by PUT: just these ``size`` bytes."""

    number: int
    size: int
    url: str


def upload_begin(*, user: User, project: Project, promise: Promise) -> Begun:
    """Open an upload, or return the open one of this file. Bytes that the project has need none.

    Raises ``not_direct``, ``too_many_uploads`` (409), ``file_empty`` (422), ``file_too_large`` (413),
    ``storage_…``.
    """
    if promise.size <= 0:
        raise refused("file_empty", f"“{promise.title}” is empty.")
    if promise.size > settings.UPLOAD_MAX_BYTES:
        sentence = f"The upload is larger than the {settings.UPLOAD_MAX_BYTES} bytes that are allowed."
        raise LabelyardError("file_too_large", sentence, status=413)
    store = store_required()
    known = (
        media_of_bytes(project=project, sha256=promise.sha256, kind=promise.kind) if promise.sha256 else None
    )
    if known is not None:
        done = row_of(user, project, promise)
        done.state, done.media = UploadState.DONE, known
        done.save()
        return Begun(done, created=False)
    mine = DirectUpload.objects.filter(project=project, created_by=user, state=UploadState.OPEN)
    same = mine.filter(
        size_bytes=promise.size, uploaded_as=promise.kind, fingerprint=promise.fingerprint or promise.sha256
    ).exclude(fingerprint="")
    found = same.order_by("-pk").first()
    if found is not None and still_known(found, store):
        DirectUpload.objects.filter(pk=found.pk).update(touched_at=Now(), make_task=promise.make_task)
        return Begun(found, created=False)
    if mine.count() >= OPEN_MAX:
        sentence = f"{OPEN_MAX} uploads of yours are open in this project. Complete or cancel some first."
        raise conflict("too_many_uploads", sentence)
    upload = row_of(user, project, promise)
    upload.storage_key = f"{FOLDER}/{uuid4().hex}"
    with refusing():
        upload.store_upload = store.begin(upload.storage_key)
    upload.save()
    return Begun(upload, created=True)


def row_of(user: User, project: Project, promise: Promise) -> DirectUpload:
    return DirectUpload(
        project=project,
        created_by=user,
        title=promise.title[:TITLE_MAX],
        size_bytes=promise.size,
        uploaded_as=promise.kind,
        make_task=promise.make_task,
        sha256=promise.sha256,
        fingerprint=promise.fingerprint or promise.sha256,
        part_bytes=part_bytes_for(promise.size),
    )


def still_known(upload: DirectUpload, store: DirectStore) -> bool:
    """Say whether the store has the upload open; one that its own rules removed is given up."""
    try:
        with refusing():
            store.parts(upload.storage_key, upload.store_upload)
    except LabelyardError as error:
        if error.code != "storage_over":
            raise
        upload_give_up(upload)
        return False
    return True


def upload_parts_there(*, upload: DirectUpload) -> list[PartThere]:
    """Return the whole parts that lie in the bucket; none of an upload that is not open any more."""
    if not is_open(upload):
        return []
    with refusing():
        return parts_there(upload, store=store_required())


def upload_parts_sign(*, upload: DirectUpload, numbers: Sequence[int]) -> list[PartAddress]:
    """Return addresses for parts (from 1), good for ``URL_SECONDS``.

    Raises ``no_such_part`` (422), ``upload_over``, ``not_direct`` (409), ``storage_…``.
    """
    store = store_required()
    count = parts_of(upload)
    beyond = [number for number in numbers if not 1 <= number <= count]
    if beyond:
        raise refused("no_such_part", f"“{upload}” has {count} parts, from 1; there is no part {beyond[0]}.")
    if not DirectUpload.objects.filter(pk=upload.pk, state=UploadState.OPEN).update(touched_at=Now()):
        raise over(upload)
    with refusing():
        return [address_of(upload, number, store) for number in numbers]


def address_of(upload: DirectUpload, number: int, store: DirectStore) -> PartAddress:
    size = part_size(number, size=upload.size_bytes, part_bytes=upload.part_bytes)
    url = store.part_url(
        upload.storage_key, upload.store_upload, number=number, size=size, seconds=URL_SECONDS
    )
    return PartAddress(number, size, url)


def upload_complete(*, upload: DirectUpload, parts_sha256: str = "") -> Registered:
    """Make the parts one object and register it, to be read by a worker as every media is.

    Completing again returns the same media. Raises ``parts_missing``, ``upload_over``, ``not_direct`` (409),
    ``size_differs``, ``not_an_archive`` (422), ``storage_…``.
    """
    if upload.media is not None:
        return Registered(upload.media, created=False)
    if not is_open(upload):
        raise over(upload)
    store = store_required()
    landed = object_made(upload, store)
    if landed.size != upload.size_bytes:
        upload_give_up(upload)
        sentence = f"“{upload}” was to have {upload.size_bytes:,} bytes, and {landed.size:,} arrived."
        raise refused("size_differs", f"{sentence} Upload it again.")
    if upload.uploaded_as and not archive_there(upload):
        upload_give_up(upload)
        sentence = f"“{upload}” is no ZIP archive. Single pictures of a series go through the server."
        raise refused("not_an_archive", sentence)
    return upload_register(upload, landed, parts_sha256=parts_sha256)


def object_made(upload: DirectUpload, store: DirectStore) -> LandedObject:
    """Return what lies under the key once all parts are one object; another call may have seen to it."""
    key = upload.storage_key
    try:
        there = parts_there(upload, store=store)
        missing = sorted(set(range(1, parts_of(upload) + 1)) - {part.number for part in there})
        if missing:
            sentence = (
                f"{len(missing)} of the {parts_of(upload)} parts of “{upload}” are not there. Send them."
            )
            raise conflict("parts_missing", sentence, parts=missing[:TOLD_PARTS])
        store.finish(key, upload.store_upload, there)
    except StorageError as error:
        if error.code != "over":
            raise storage_refusal(error) from error
    try:
        return store.landed(key)
    except StorageError as error:
        if error.code == "missing":
            upload_give_up(upload)
            raise over(upload) from error
        raise storage_refusal(error) from error


def archive_there(upload: DirectUpload) -> bool:
    with refusing(), media_storage().open_range(upload.storage_key, start=0, length=4) as pieces:
        return is_archive(b"".join(pieces))


@transaction.atomic
def upload_register(upload: DirectUpload, landed: LandedObject, *, parts_sha256: str) -> Registered:
    row = DirectUpload.objects.filter(pk=upload.pk)
    if not row.filter(state=UploadState.OPEN).update(touched_at=Now()):
        upload.refresh_from_db()
        if upload.media is None:
            raise over(upload)
        return Registered(upload.media, created=False)
    media = media_store(
        user=upload.created_by,
        project=upload.project,
        file=Landed(title=upload.title, size=landed.size, etag=landed.etag, uploaded_as=upload.uploaded_as),
        key=upload.storage_key,
        make_task=upload.make_task,
    )
    row.update(state=UploadState.DONE, media=media, parts_sha256=parts_sha256)
    return Registered(media, created=True)


def upload_cancel(*, upload: DirectUpload) -> None:
    """Give the upload up and remove what arrived. Raises ``upload_done`` (409) when it is a media already."""
    upload_give_up(upload)
    upload.refresh_from_db()
    if upload.state == UploadState.DONE:
        raise conflict("upload_done", f"“{upload}” is complete; it is media {upload.media_id}.")


def upload_give_up(upload: DirectUpload) -> None:
    """Cancel an open upload. Where the store is away, what arrived is removed later."""
    if DirectUpload.objects.filter(pk=upload.pk, state=UploadState.OPEN).update(state=UploadState.CANCELLED):
        with suppress(StorageError):
            upload_remove(upload)


def upload_remove(upload: DirectUpload) -> bool:
    """Remove what is in the bucket of a cancelled upload; False where there is no bucket now.

    Raises StorageError.
    """
    store = direct_store()
    if store is None:
        return False
    if upload.store_upload:
        store.drop(upload.storage_key, upload.store_upload)
    DirectUpload.objects.filter(pk=upload.pk, state=UploadState.CANCELLED).update(removed=True)
    return True


def store_required() -> DirectStore:
    with refusing():
        store = direct_store()
    if store is None:
        raise conflict("not_direct", "Files go through the server here: send them to media/ of the project.")
    return store


def over(upload: DirectUpload) -> LabelyardError:
    sentence = f"The upload of “{upload}” was cancelled, or nobody went on with it for a day. Begin it again."
    return conflict("upload_over", sentence)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn the store's refusals into the one error type."""
    try:
        yield
    except StorageError as error:
        raise storage_refusal(error) from error
