"""Media: upload with progress, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from labelyard.connection import Connection, given, record
from labelyard.errors import LabelyardError
from labelyard.uploading import Progress, upload
from labelyard.waiting import awaited

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

        ``progress(sent, total)`` is called with bytes. The same bytes again return the media that is there.
        A worker reads it then: ``wait`` for it.
        """
        fields = {**given(kind=kind, title=title), "make_task": str(make_task).lower()}
        answer = upload(
            self._connection,
            f"projects/{project}/media/",
            files=[Path(file) for file in files],
            fields={name: str(value) for name, value in fields.items()},
            progress=progress,
        )
        return record(Media, answer)

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
