"""Media that arrive: stored once under the hash of their bytes, and registered to be read by a worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction

from labeling import queue
from labeling.errors import LabelyardError, refused
from labeling.media.configured import media_storage
from labeling.media.errors import StorageError
from labeling.models import Media, MediaState, Project, User
from labeling.services.events import event_write

TITLE_MAX = 400
# What a store answers, and the status that the caller gets.
STATUS_OF_STORAGE = {
    "denied": 502,
    "missing": 404,
    "unreachable": 503,
    "corrupt": 502,
    "full": 507,
    "invalid": 422,
}


@dataclass(frozen=True)
class Received:
    """A file that has arrived, on a local disk: ``sha256`` in hexadecimal, ``size`` in bytes."""

    path: Path
    title: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Registered:
    """``created`` is False when the project had a media of the same bytes."""

    media: Media
    created: bool


def media_register(*, user: User | None, project: Project, file: Received, make_task: bool) -> Registered:
    """Store the file and register it; a worker reads it then, and makes its task if ``make_task``.

    The same bytes again are the same media. Raises ``file_empty`` (422), ``storage_…`` when the
    store refuses: nothing is registered then.
    """
    if file.size == 0:
        raise refused("file_empty", f"“{file.title}” is empty.")
    known = media_of_bytes(project, file)
    if known:
        return Registered(known, created=False)
    key = f"{file.sha256[:2]}/{file.sha256}"
    try:
        media_storage().put_file(file.path, key=key)
    except StorageError as error:
        raise storage_refusal(error) from error
    try:
        with transaction.atomic():
            media = media_store(user, project, file, key=key, make_task=make_task)
    except IntegrityError:
        known = media_of_bytes(project, file)
        if known is None:
            raise
        return Registered(known, created=False)
    return Registered(media, created=True)


def media_of_bytes(project: Project, file: Received) -> Media | None:
    return Media.objects.filter(project=project, sha256=file.sha256).first()


def media_store(user: User | None, project: Project, file: Received, *, key: str, make_task: bool) -> Media:
    media = Media.objects.create(
        project=project,
        title=file.title[:TITLE_MAX],
        state=MediaState.REGISTERED,
        storage_key=key,
        sha256=file.sha256,
        size_bytes=file.size,
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
