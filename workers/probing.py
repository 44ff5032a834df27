"""Reading new media: what the file is and which frames it has, in a child process with limits."""

from __future__ import annotations

import logging
from typing import cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from labeling import queue
from labeling.errors import LabelyardError
from labeling.media.configured import media_limits
from labeling.media.errors import PASSING, MediaRefused, StorageError
from labeling.media.kinds import SeriesKind
from labeling.media.picturetable import PictureTable
from labeling.media.probe import ProbeResult, probe_file
from labeling.media.storage import file_sha256
from labeling.models import Media, MediaFrames, MediaState
from labeling.selectors.media_files import media_local_path
from labeling.services.events import event_write
from labeling.services.media import media_of_hash, media_unite
from labeling.services.media_sources import source_watched
from labeling.services.promises import object_leave, promise_check
from labeling.services.tasks import task_create
from workers.announcing import holder_name
from workers.claim import lease_end
from workers.renewing import renewing

logger = logging.getLogger(__name__)


class Turn:
    """Whose bucket's media this process read last: projects take turns."""

    project_id = 0


def probe_next() -> bool:
    """Claim the media whose turn it is and read it; False when there is none."""
    media = claim_media()
    if media is None:
        return False
    with renewing(held(media), what=f"media {media.pk}"):
        probe(media)
    return True


def claim_media() -> Media | None:
    """Claim by conditional UPDATE; a race lost is tried with the next one."""
    while True:
        media = next_media()
        if media is None:
            return None
        won = Media.objects.filter(pk=media.pk, state=MediaState.REGISTERED, token=media.token).update(
            state=MediaState.PROBING,
            token=media.token + 1,
            holder=holder_name(),
            lease_expires_at=lease_end(),
        )
        if won:
            media.refresh_from_db()
            return media


def next_media() -> Media | None:
    """What people uploaded goes first, the oldest; then buckets, a media of each project in turn."""
    waiting = Media.objects.filter(state=MediaState.REGISTERED)
    uploaded = waiting.filter(connection=None).order_by("pk").first()
    if uploaded is not None:
        return uploaded
    listed = waiting.filter(connection__isnull=False).order_by("project_id", "pk")
    media = listed.filter(project_id__gt=Turn.project_id).first() or listed.first()
    if media is not None:
        Turn.project_id = media.project_id
    return media


def held(media: Media) -> QuerySet[Media]:
    return Media.objects.filter(pk=media.pk, token=media.token, state=MediaState.PROBING)


def probe(media: Media) -> None:
    """Read the file and store what it is, or why it is refused."""
    try:
        with source_watched(media), media_local_path(media) as path:
            media.sha256 = media.sha256 or file_sha256(path)
            promise_check(media=media, path=path)
            result = (
                None
                if known_bytes(media)
                else probe_file(path, limits=media_limits(), name=media.title, series=series_kind(media))
            )
        if result is None or not accepted(media, result):
            unite(media)
    except (MediaRefused, StorageError, LabelyardError) as error:
        if error.code in PASSING and media.losses < settings.LOSSES_MAX:
            give_back(media)
        else:
            refuse(media, code=error.code, sentence=error.sentence)


def known_bytes(media: Media) -> Media | None:
    """Another media of the project that has these bytes already."""
    return media_of_hash(media)


def accepted(media: Media, result: ProbeResult) -> bool:
    """Accept what was read; False when another media of the same bytes was quicker."""
    try:
        accept(media, result)
    except IntegrityError:
        if known_bytes(media) is None:
            raise
        return False
    return True


@transaction.atomic
def unite(media: Media) -> None:
    """Let the media that has the same bytes stand for this one, too."""
    known = known_bytes(media)
    if known is not None and held(media).update(lease_expires_at=lease_end()):
        key = media.storage_key
        of_bucket = media.connection_id is not None
        media_unite(media=media, known=known)
        if not of_bucket:
            transaction.on_commit(lambda: object_leave(key=key))


@transaction.atomic
def give_back(media: Media) -> None:
    """Let the media wait again."""
    if held(media).update(
        state=MediaState.REGISTERED, losses=media.losses + 1, lease_expires_at=None, holder=""
    ):
        queue.ring_on_commit("media")


def series_kind(media: Media) -> SeriesKind | None:
    return cast(SeriesKind, media.uploaded_as) if media.uploaded_as else None


@transaction.atomic
def accept(media: Media, result: ProbeResult) -> None:
    """Store the frames, and make the task that was asked for with the upload."""
    won = held(media).update(
        state=MediaState.READY,
        sha256=media.sha256,
        losses=0,
        kind=result.kind,
        mime_type=result.mime_type,
        width=result.width or None,
        height=result.height or None,
        sizes_differ=isinstance(result.table, PictureTable) and result.table.sizes_differ,
        window=public_window(result.table),
        frame_count=result.frame_count or None,
        fps=result.fps,
        duration_seconds=result.duration_seconds,
        damaged=[list(span) for span in result.damaged],
        lease_expires_at=None,
        holder="",
    )
    if not won:
        logger.warning("Media %s was taken away while it was read.", media.pk)
        return
    media.refresh_from_db()
    if result.table is not None:
        MediaFrames.objects.update_or_create(media=media, defaults={"table": result.table.to_bytes()})
    event_write(
        kind="media.registered", project_id=media.project_id, media_id=media.pk, payload={"kind": media.kind}
    )
    if media.wants_task and media.frame_count:
        task_create(user=media.created_by, media=media)


def public_window(table: object) -> dict[str, float] | None:
    """What pages need of the grey values of a series."""
    if not isinstance(table, PictureTable) or table.window is None:
        return None
    window = table.window
    return {"center": window.center, "width": window.width, "low": window.low, "high": window.high}


@transaction.atomic
def refuse(media: Media, *, code: str, sentence: str) -> None:
    """Keep the reason; the file is shown as refused and breaks nothing else."""
    if held(media).update(
        state=MediaState.FAILED, error_code=code, error=sentence, lease_expires_at=None, holder=""
    ):
        event_write(
            kind="media.failed",
            project_id=media.project_id,
            media_id=media.pk,
            payload={"code": code, "sentence": sentence},
        )
