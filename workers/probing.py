"""Reading new media: what the file is and which frames it has, in a child process with limits."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from labeling.media.configured import media_limits, media_storage
from labeling.media.errors import MediaRefused, StorageError
from labeling.media.kinds import SeriesKind
from labeling.media.picturetable import PictureTable
from labeling.media.probe import ProbeResult, probe_file
from labeling.models import Media, MediaFrames, MediaState
from labeling.services.events import event_write
from labeling.services.tasks import task_create
from workers.announcing import holder_name

logger = logging.getLogger(__name__)


def probe_next() -> bool:
    """Claim the oldest registered media and read it; False when there is none."""
    media = claim_media()
    if media is None:
        return False
    beating = threading.Event()
    beat = threading.Thread(target=renew, args=(media, beating), name="probe-heartbeat", daemon=True)
    beat.start()
    try:
        probe(media)
    finally:
        beating.set()
        beat.join()
    return True


def claim_media() -> Media | None:
    """Claim by conditional UPDATE; a race lost is tried with the next one."""
    while True:
        media = Media.objects.filter(state=MediaState.REGISTERED).order_by("pk").first()
        if media is None:
            return None
        won = Media.objects.filter(pk=media.pk, state=MediaState.REGISTERED, token=media.token).update(
            state=MediaState.PROBING,
            token=media.token + 1,
            holder=holder_name(),
            lease_expires_at=Now() + timedelta(seconds=settings.LEASE_SECONDS),
        )
        if won:
            media.refresh_from_db()
            return media


def renew(media: Media, ended: threading.Event) -> None:
    """Renew the lease until the probe has ended."""
    while not ended.wait(settings.HEARTBEAT_SECONDS):
        try:
            held(media).update(lease_expires_at=Now() + timedelta(seconds=settings.LEASE_SECONDS))
        except DatabaseError as error:
            logger.warning("Heartbeat of media %s failed: %s", media.pk, error)
    connection.close()


def held(media: Media) -> QuerySet[Media]:
    return Media.objects.filter(pk=media.pk, token=media.token, state=MediaState.PROBING)


def probe(media: Media) -> None:
    """Read the file and store what it is, or why it is refused."""
    try:
        with media_storage().local_path(media.storage_key, sha256=media.sha256) as path:
            result = probe_file(path, limits=media_limits(), name=media.title, series=series_kind(media))
    except (MediaRefused, StorageError) as error:
        refuse(media, code=error.code, sentence=str(error))
        return
    accept(media, result)


def series_kind(media: Media) -> SeriesKind | None:
    return cast(SeriesKind, media.uploaded_as) if media.uploaded_as else None


@transaction.atomic
def accept(media: Media, result: ProbeResult) -> None:
    """Store the frames, and make the task that was asked for with the upload."""
    won = held(media).update(
        state=MediaState.READY,
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
