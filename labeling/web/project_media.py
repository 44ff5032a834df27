"""A project's media: what was uploaded, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from labeling.selectors.media import media_get, media_list
from labeling.selectors.projects import project_get
from labeling.web.guard import Visit, page
from labeling.web.turning import leaf


@page
def project_media(visit: Visit, *, project_id: int) -> HttpResponse:
    """The drop zone, and the media, newest first."""
    context = {
        "project": project_get(user=visit.user, project_id=project_id),
        "tab": "media",
        "place": "projects",
        "leaf": leaf(
            media_list(project_id=project_id),
            cursor=visit.request.GET.get("cursor", ""),
            newest_first=True,
        ),
        "upload_max_bytes": settings.UPLOAD_MAX_BYTES,
    }
    return visit.answer("labelyard/project_media.html", context)


@page
def media_row(visit: Visit, *, media_id: int) -> HttpResponse:
    """One row of the table, for a media that changed."""
    return visit.answer("labelyard/parts/media_row.html", {"media": media_get(media_id=media_id)})
