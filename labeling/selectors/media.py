"""Reading media."""

from __future__ import annotations

from django.db.models import QuerySet

from labeling.errors import not_found
from labeling.media.picturetable import PictureTable
from labeling.models import Media
from labeling.selectors.stills import frame_table


def media_list(*, project_id: int) -> QuerySet[Media]:
    """Return the media of a project."""
    return Media.objects.filter(project_id=project_id).select_related("created_by")


def media_get(*, media_id: int) -> Media:
    """Return a media. Raises ``not_found``."""
    media = Media.objects.select_related("created_by").filter(pk=media_id).first()
    if media is None:
        raise not_found("media")
    return media


def frame_sizes(media: Media) -> tuple[tuple[int, int], ...] | None:
    """Return (width, height) of every frame where they differ; None where all are as large as the media."""
    if not media.sizes_differ:
        return None
    table = frame_table(media)
    return table.sizes if isinstance(table, PictureTable) else None


def frame_size(media: Media, frame: int) -> tuple[int, int]:
    """Return (width, height) of ``frame`` in pixels; those of the media for a frame that is not there."""
    sizes = frame_sizes(media)
    if sizes is not None and 0 <= frame < len(sizes):
        return sizes[frame]
    return media.width or 0, media.height or 0
