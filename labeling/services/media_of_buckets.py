"""Media whose bytes stay in a bucket: their names, and what becomes of the bytes where they lie."""

from __future__ import annotations

from labeling.models import Media, MediaSource, MediaState
from labeling.services.events import event_write
from labeling.services.media import STATUS_OF_STORAGE, TITLE_MAX

# Media that failed for one of these reasons are worth another reading.
STORE_FAILURES = (*STATUS_OF_STORAGE, "worker_lost", "credentials_sealed", "bucket_not_allowed")
UNREAD = (MediaState.REGISTERED, MediaState.FAILED)


def media_source_note(*, media: Media, source: MediaSource) -> None:
    """Keep on the media that its bytes changed or vanished where they lie; said once."""
    if Media.objects.filter(pk=media.pk).exclude(source=source).update(source=source):
        event_write(
            kind=f"media.{source}",
            project_id=media.project_id,
            media_id=media.pk,
            payload={"key": media.storage_key, "sentence": f"{media.title}: {source.label.lower()}."},
        )


def title_of(key: str, *, below: str) -> str:
    """The key below the connection's prefix; of a very long one its end, which tells more."""
    title = key.removeprefix(below) or key
    title = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in title)
    return title if len(title) <= TITLE_MAX else f"…{title[1 - TITLE_MAX :]}"
