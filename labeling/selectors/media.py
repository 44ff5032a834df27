"""Reading media."""

from __future__ import annotations

from django.db.models import QuerySet

from labeling.errors import not_found
from labeling.models import Media


def media_list(*, project_id: int) -> QuerySet[Media]:
    """Return the media of a project."""
    return Media.objects.filter(project_id=project_id).select_related("created_by")


def media_get(*, media_id: int) -> Media:
    """Return a media. Raises ``not_found``."""
    media = Media.objects.select_related("created_by").filter(pk=media_id).first()
    if media is None:
        raise not_found("media")
    return media
