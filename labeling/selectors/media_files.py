"""A media's bytes as a local file, wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labeling.media.configured import media_storage
from labeling.media.storage import Progress, Storage
from labeling.models import Media
from labeling.selectors.bucket_folders import folder_series
from labeling.selectors.connections import connection_storage


@contextmanager
def media_local_path(media: Media, *, progress: Progress | None = None) -> Iterator[Path]:
    """Give a file with the media's bytes, which stays inside the block. Do not write to it.

    Raises StorageError when they cannot be had, or are not those that were registered;
    ``credentials_sealed`` (409).
    """
    if media.connection is not None and media.uploaded_as:
        series = folder_series(media)
        storage = connection_storage(media.connection)
        with storage.series_path(series, sha256=media.sha256 or None, progress=progress) as path:
            yield path
        return
    if media.connection is None:
        place: Storage = media_storage()
    else:
        place = connection_storage(media.connection)
    with place.local_path(
        media.storage_key, sha256=media.sha256 or None, etag=media.etag or None, progress=progress
    ) as path:
        yield path
