"""The pictures that prompts are about."""

from __future__ import annotations

from labeling.lane.prompts import Picture
from labeling.media.errors import MediaRefused
from labeling.models import Media
from workers.backends.base import RgbFrame
from workers.frames import frames_of_media


def picture_read(picture: Picture) -> RgbFrame:
    """Return the frame ``(height, width, 3)``. Raises ``media_gone`` for a media that was deleted."""
    with frames_of_media(media_of(picture)) as frames:
        return frames.read_rgb(picture.frame)


def media_of(picture: Picture) -> Media:
    """Return the picture's media. Raises ``media_gone`` when it was deleted."""
    media = Media.objects.filter(pk=picture.media_id).first()
    if media is None:
        raise MediaRefused("media_gone", "The media was deleted meanwhile.")
    return media
