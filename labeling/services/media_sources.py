"""What becomes of a media's bytes where they lie: noticed when they are read, and kept on the media."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from labeling.errors import LabelyardError
from labeling.media.errors import StorageError
from labeling.models import Media, MediaSource
from labeling.services.media_of_buckets import media_source_note

LOST = {"missing": MediaSource.VANISHED, "changed": MediaSource.CHANGED}


@contextmanager
def source_watched(media: Media) -> Iterator[None]:
    """Note on the media when reading it inside the block shows that its object changed or vanished."""
    try:
        yield
    except (StorageError, LabelyardError) as error:
        source = LOST.get(error.code.removeprefix("storage_"))
        if source is not None and media.connection_id is not None:
            media_source_note(media=media, source=source)
        raise
