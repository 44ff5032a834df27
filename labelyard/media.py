"""Media: upload with progress, and what is known of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from labelyard.connection import Connection, given, record
from labelyard.direct import BucketAway, may_go_direct, upload_direct, upload_way
from labelyard.errors import LabelyardError
from labelyard.uploading import Progress, upload
from labelyard.waiting import awaited

logger = logging.getLogger(__name__)
UNREAD = ("registered", "probing")
WAIT_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Media:
    """A video, a picture or a series. Sizes are those of the displayed frame, in pixels."""

    id: int
    uid: str
    project: int
    title: str
    kind: str
    state: str
    mime_type: str
    size_bytes: int
    sha256: str
    width: int | None
    height: int | None
    frame_count: int | None
    fps: float | None
    duration_seconds: float | None
    error_code: str
    error: str
    created_at: datetime

    @property
    def read(self) -> bool:
        """A worker has read it: it is ready, or has failed."""
        return self.state not in UNREAD


class MediaDoor:
    """``client.media``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: int, *, state: str | None = None) -> Iterator[Media]:
        """Yield the media of a project, newest first."""
        return self._connection.pages(Media, f"projects/{project}/media/", query={"state": state})

    def get(self, media: int) -> Media:
        """Return one media."""
        return self._connection.read(Media, f"media/{media}/")

    def upload(
        self,
        project: int,
        *files: Path | str,
        kind: str | None = None,
        title: str | None = None,
        make_task: bool = True,
        progress: Progress | None = None,
    ) -> Media:
        """Send a file; with ``kind`` (image_group, image_sequence, dicom) several that are one media.

        Where the installation has a bucket, a large file goes straight there, in parts; called again after it
        broke off, it goes on with what is missing. ``progress(sent, total)`` is called with bytes. The same
        bytes again return the media that is there. A worker reads it then: ``wait`` for it.
        """
        if len(files) == 1:
            name = title or Path(files[0]).name
            told = {**given(kind=kind), "name": name, "make_task": make_task}
            sent = self._upload_direct(project, Path(files[0]), kind=kind, fields=told, progress=progress)
            if sent is not None:
                return sent
        fields = {**given(kind=kind, title=title), "make_task": str(make_task).lower()}
        answer = upload(
            self._connection,
            f"projects/{project}/media/",
            files=[Path(file) for file in files],
            fields={name: str(value) for name, value in fields.items()},
            progress=progress,
        )
        return record(Media, answer)

    def _upload_direct(
        self,
        project: int,
        file: Path,
        *,
        kind: str | None,
        fields: dict[str, object],
        progress: Progress | None,
    ) -> Media | None:
        """Send a file straight into the bucket; None where it has to go through the server."""
        way = upload_way(self._connection, project) if file.is_file() else None
        if way is None or not way.direct or file.stat().st_size < max(way.min_bytes, 1):
            return None
        if not may_go_direct(file, kind=kind):
            return None
        try:
            done = upload_direct(self._connection, project, file, fields=fields, progress=progress)
        except BucketAway as away:
            logger.warning("%s goes through the server: %s", file, away)
            return None
        if done.media is not None:
            return self.get(done.media)
        return self._connection.post(Media, f"uploads/{done.id}/complete/", repeatable=True)

    def wait(
        self,
        media: int | Media,
        *,
        timeout: float = WAIT_SECONDS,
        progress: Callable[[Media], object] | None = None,
    ) -> Media:
        """Return the media once it is ready. Raises its own error when it has failed; ``wait_timeout``."""
        number = media.id if isinstance(media, Media) else media
        found = awaited(
            lambda: self.get(number),
            ended=lambda one: one.read,
            seconds=timeout,
            progress=progress,
            what=f"Reading media {number}",
        )
        if found.state == "failed":
            raise LabelyardError(found.error_code or "media_failed", f"{found.title}: {found.error}")
        return found

    def frame(self, media: int, frame: int, *, width: int | None = None) -> bytes:
        """Return a displayed frame as JPEG, from 0; ``width`` scales it down."""
        return self._connection.send("GET", f"media/{media}/frames/{frame}/", query={"w": width})
