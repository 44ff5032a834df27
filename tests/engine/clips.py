"""A task on a real file: made, stored, registered and probed as in use."""

from __future__ import annotations

from pathlib import Path

from labeling.media.configured import media_storage
from labeling.media.kinds import SeriesKind
from labeling.media.storage import file_sha256
from labeling.models import Media, Project, Task
from tests.clips.kinds import make_clip
from workers.probing import probe_next


def clip_task(project: Project, folder: Path, *, kind: str = "constant_rate") -> Task:
    """Register a test video, read it with the worker's own probe, and return its task."""
    clip = make_clip(kind, folder)
    media = media_of_file(project, clip.path)
    media.refresh_from_db()
    assert media.state == "ready", media.error
    return Task.objects.get(media=media)


def series_task(project: Project, path: Path, *, kind: SeriesKind) -> Task:
    """Register an archive as a series, read it with the worker's own probe, and return its task."""
    media = media_of_file(project, path, uploaded_as=kind)
    media.refresh_from_db()
    assert media.state == "ready", media.error
    return Task.objects.get(media=media)


def media_of_file(project: Project, path: Path, *, uploaded_as: str = "") -> Media:
    """Store the file and have it probed, whatever comes of it."""
    sha256 = file_sha256(path)
    media_storage().put_file(path, key=f"{sha256[:2]}/{sha256}")
    media = Media.objects.create(
        project=project,
        title=path.name,
        storage_key=f"{sha256[:2]}/{sha256}",
        sha256=sha256,
        size_bytes=path.stat().st_size,
        wants_task=True,
        uploaded_as=uploaded_as,
    )
    assert probe_next()
    return media
