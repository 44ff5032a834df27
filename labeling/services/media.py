"""Media that arrive: stored once under the hash of their bytes, and registered to be read by a worker."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction

from labeling import queue
from labeling.errors import LabelyardError, conflict, refused
from labeling.media.bundle import Piece, bundle_write
from labeling.media.configured import media_storage
from labeling.media.errors import StorageError
from labeling.media.sniff import is_archive
from labeling.media.storage import file_sha256
from labeling.models import Media, MediaKind, MediaSource, MediaState, Project, User
from labeling.services.events import event_write

TITLE_MAX = 400
ANEW = {"state": MediaState.REGISTERED, "losses": 0, "error_code": "", "error": ""}
"""What makes a media wait to be read again."""
SERIES_FILES_MAX = 5000
# What a store answers, and the status that the caller gets.
STATUS_OF_STORAGE = {
    "denied": 502,
    "missing": 404,
    "unreachable": 503,
    "corrupt": 502,
    "changed": 409,
    "throttled": 503,
    "refused": 422,
    "skewed": 502,
    "wrong_region": 422,
    "over": 409,
    "full": 507,
    "invalid": 422,
}


@dataclass(frozen=True)
class Received:
    """A file that has arrived, on a local disk: ``sha256`` in hexadecimal, ``size`` in bytes.

    ``uploaded_as`` is what its owner calls an archive of several files: a kind of media, or blank.
    """

    path: Path
    title: str
    sha256: str
    size: int
    uploaded_as: str = ""


@dataclass(frozen=True, kw_only=True)
class Landed:
    """A file that lies in the store already; what it is made of is known once it was read."""

    title: str
    size: int
    etag: str
    uploaded_as: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Spool:
    """The files of one upload, one after another in a file on a local disk; ``sha256`` is that of all."""

    path: Path
    sha256: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Registered:
    """``created`` is False when the project had a media of the same bytes."""

    media: Media
    created: bool


def media_receive(
    *, user: User | None, project: Project, spool: Spool, kind: str, title: str, make_task: bool
) -> Registered:
    """Register what was uploaded: one file, or with ``kind`` several files that are one media.

    Several files become one archive, the same one in whatever order they came. Raises what
    ``media_register`` does, and ``one_file`` (400), ``duplicate_name``, ``archive_among_files`` (422).
    """
    first = spool.pieces[0]
    alone = len(spool.pieces) == 1
    if not kind and not alone:
        sentence = "Several files are one media with a “kind” only. Name it, or send one file at a time."
        raise LabelyardError("one_file", sentence, status=400)
    if not kind or (alone and archive_at(spool.path, first)):
        file = Received(spool.path, title or first.name, spool.sha256, first.size, uploaded_as=kind)
        return media_register(user=user, project=project, file=file, make_task=make_task)
    series_check(spool)
    bundle = spool.path.with_name(f"{spool.path.name}.zip")
    try:
        bundle_write(spool.path, spool.pieces, target=bundle, kind=kind)
        size, digest = bundle.stat().st_size, file_sha256(bundle)
        file = Received(bundle, title or series_title(kind, spool), digest, size, uploaded_as=kind)
        return media_register(user=user, project=project, file=file, make_task=make_task)
    except OSError as error:
        raise disk_refusal(error) from error
    finally:
        bundle.unlink(missing_ok=True)


def archive_at(spool: Path, piece: Piece) -> bool:
    """Say whether this file of the spool is a ZIP archive."""
    with spool.open("rb") as file:
        file.seek(piece.offset)
        return is_archive(file.read(min(4, piece.size)))


def series_check(spool: Spool) -> None:
    names: set[str] = set()
    for piece in spool.pieces:
        if piece.name in names:
            sentence = f"Two of the files are named {piece.name}. Name them apart, or send a ZIP archive."
            raise refused("duplicate_name", sentence)
        names.add(piece.name)
        if archive_at(spool.path, piece):
            sentence = f"{piece.name} is a ZIP archive among other files: send it alone, or what is in it."
            raise refused("archive_among_files", sentence)


def series_title(kind: str, spool: Spool) -> str:
    count = len(spool.pieces)
    return f"{MediaKind(kind).label} of {count} file{'' if count == 1 else 's'}"


def disk_refusal(error: OSError) -> LabelyardError:
    """The disk of the media did not take an upload."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = "The disk of the media is full; the upload was not kept. Make room and upload it again."
        return LabelyardError("disk_full", sentence, status=507)
    sentence = f"The disk of the media failed: {error.strerror}. The upload was not kept."
    return LabelyardError("disk_failed", sentence, status=507)


def media_register(*, user: User | None, project: Project, file: Received, make_task: bool) -> Registered:
    """Store the file and register it; a worker reads it then, and makes its task if ``make_task``.

    The same bytes again are the same media. Raises ``file_empty`` (422), ``storage_…`` when the
    store refuses: nothing is registered then.
    """
    if file.size == 0:
        raise refused("file_empty", f"“{file.title}” is empty.")
    known = media_of_bytes(project=project, sha256=file.sha256, kind=file.uploaded_as)
    if known:
        return Registered(known, created=False)
    key = f"{file.sha256[:2]}/{file.sha256}"
    try:
        media_storage().put_file(file.path, key=key)
    except StorageError as error:
        raise storage_refusal(error) from error
    try:
        with transaction.atomic():
            media = media_store(user=user, project=project, file=file, key=key, make_task=make_task)
    except IntegrityError:
        known = media_of_bytes(project=project, sha256=file.sha256, kind=file.uploaded_as)
        if known is None:
            raise
        return Registered(known, created=False)
    return Registered(media, created=True)


def media_of_bytes(*, project: Project, sha256: str, kind: str) -> Media | None:
    """Return the media of these bytes that was uploaded as ``kind``, if the project has one."""
    return Media.objects.filter(project=project, sha256=sha256, uploaded_as=kind).first()


def media_of_hash(media: Media) -> Media | None:
    """Return another media of the project with the same bytes, read or refused already."""
    rows = Media.objects.filter(
        project_id=media.project_id, sha256=media.sha256, uploaded_as=media.uploaded_as
    )
    return rows.exclude(pk=media.pk).exclude(sha256="").first()


@transaction.atomic
def media_read_again(*, media: Media) -> None:
    """Have a worker read a media anew that was refused. Raises ``media_not_failed`` (409)."""
    won = Media.objects.filter(pk=media.pk, state=MediaState.FAILED).update(**ANEW)
    media.refresh_from_db()
    if not won:
        sentence = f"“{media}” is {media.get_state_display().lower()}; only what was refused is read again."
        raise conflict("media_not_failed", sentence)
    queue.ring_on_commit("media")


def media_unite(*, media: Media, known: Media) -> None:
    """Make ``known`` stand for the objects of ``media``, whose bytes are the same, and remove that one.

    To be called inside a transaction, before ``media`` has tasks.
    """
    media.bucket_objects.update(media=known)
    media.direct_uploads.update(media=known)
    media.bucket_folders.update(media=known)
    if known.source != MediaSource.PRESENT:
        Media.objects.filter(pk=known.pk).update(
            connection_id=media.connection_id,
            storage_key=media.storage_key,
            etag=media.etag,
            source=MediaSource.PRESENT,
        )
    told = {"title": media.title, "same_as": known.title}
    event_write(kind="media.same", project_id=known.project_id, media_id=known.pk, payload=told)
    media.delete()


def media_store(
    *, user: User | None, project: Project, file: Received | Landed, key: str, make_task: bool
) -> Media:
    """Register what lies under ``key`` in the installation's store, to be read by a worker.

    To be called inside a transaction.
    """
    media = Media.objects.create(
        project=project,
        title=file.title[:TITLE_MAX],
        state=MediaState.REGISTERED,
        storage_key=key,
        etag=file.etag if isinstance(file, Landed) else "",
        sha256=file.sha256,
        size_bytes=file.size,
        uploaded_as=file.uploaded_as,
        wants_task=make_task,
        created_by=user,
    )
    event_write(
        kind="media.uploaded",
        project_id=project.pk,
        media_id=media.pk,
        payload={"title": media.title, "by": user.username if user else None},
    )
    queue.ring_on_commit("media")
    return media


def storage_refusal(error: StorageError) -> LabelyardError:
    """The store's word as the one error type."""
    return LabelyardError(
        f"storage_{error.code}", error.sentence, status=STATUS_OF_STORAGE.get(error.code, 502)
    )
