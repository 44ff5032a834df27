"""A project's media: what was uploaded, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse

from labeling.access_rules import Permission
from labeling.errors import LabelyardError
from labeling.selectors.direct_uploads import upload_way
from labeling.selectors.media import media_get, media_list
from labeling.selectors.projects import project_get
from labeling.selectors.stills import still_jpeg, thumb_frame
from labeling.services.media import SERIES_FILES_MAX
from labeling.services.media_sources import source_watched
from labeling.web.csp import bucket_allow
from labeling.web.guard import Visit, page
from labeling.web.turning import leaf


@dataclass(frozen=True)
class UploadKind:
    """What files may be uploaded as: ``value`` is the API's word, blank for each file by itself."""

    value: str
    label: str
    help: str


THUMB_WIDTH = 128
NO_THUMB = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="40"/>'
UPLOAD_KINDS = (
    UploadKind("", "Videos and images, one task each", "Each file becomes a task."),
    UploadKind(
        "image_group",
        "One image group",
        "All pictures together become one task, a frame each; they may differ in size. "
        "A ZIP archive is one group.",
    ),
    UploadKind(
        "image_sequence",
        "One image sequence",
        "All pictures together become one task, in the order of their names, all of one size. "
        "A ZIP archive is one sequence.",
    ),
    UploadKind(
        "dicom",
        "One DICOM series",
        "All files of one series together become one task, slice by slice. A ZIP archive is one series.",
    ),
)


@page
def project_media(visit: Visit, *, project_id: int) -> HttpResponse:
    """The drop zone, and the media, newest first."""
    way = upload_way() if visit.may(Permission.PROJECT_MANAGE) else None
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
        "upload_max_files": SERIES_FILES_MAX,
        "upload_kinds": UPLOAD_KINDS,
        "upload_way": way,
    }
    answer = visit.answer("labelyard/project_media.html", context)
    if way is not None and way.direct:
        bucket_allow(visit.request, answer, bucket=way.source)
    return answer


@page
def media_row(visit: Visit, *, media_id: int) -> HttpResponse:
    """One row of the table, for a media that changed."""
    return visit.answer("labelyard/parts/media_row.html", {"media": media_get(media_id=media_id)})


@page
def media_thumb(visit: Visit, *, media_id: int) -> HttpResponse:
    """A small picture of the media; where there is none, an empty one: a list is no place for that error."""
    media = media_get(media_id=media_id)
    try:
        with source_watched(media):
            jpeg = still_jpeg(media=media, frame=thumb_frame(media), width=THUMB_WIDTH)
    except LabelyardError:
        return HttpResponse(NO_THUMB, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})
    return HttpResponse(jpeg, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})
