"""``media/``: upload, facts, and frames as JPEG."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.parsers import HashingUpload, ReceivedFile
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView, Input
from labeling.errors import LabelyardError
from labeling.models import Media, MediaState
from labeling.models.media import SERIES_CHOICES
from labeling.selectors.media import frame_sizes, media_get, media_list
from labeling.selectors.projects import project_get
from labeling.selectors.stills import still_jpeg, window_rounded
from labeling.services.media import TITLE_MAX, Spool, media_read_again, media_receive
from labeling.services.media_sources import source_watched

FOR_EVER = "private, max-age=31536000, immutable"


class MediaSerializer(serializers.ModelSerializer[Media]):
    """A media. Width and height are those of the displayed frame; ``damaged`` are spans of ordinals."""

    created_by = PersonSerializer(allow_null=True)
    damaged = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))

    class Meta:
        model = Media
        fields: tuple[str, ...] = (
            "id", "uid", "project", "title", "kind", "state", "mime_type", "size_bytes", "sha256", "width",
            "height", "frame_count", "fps", "duration_seconds", "damaged", "error_code", "error",
            "connection", "storage_key", "etag", "source", "created_by", "created_at",
        )  # fmt: skip


class WindowSerializer(serializers.Serializer[Any]):
    """Grey values of a DICOM series: the window that is shown by default, and the range that occurs."""

    center = serializers.FloatField()
    width = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class MediaFactsSerializer(MediaSerializer):
    """A media with what only its own page needs."""

    window = WindowSerializer(allow_null=True)
    frame_sizes = serializers.SerializerMethodField(
        help_text="[width, height] of each frame where they differ, else null."
    )

    class Meta(MediaSerializer.Meta):
        fields = (*MediaSerializer.Meta.fields, "window", "frame_sizes")

    def get_frame_sizes(self, media: Media) -> list[list[int]] | None:
        sizes = frame_sizes(media)
        return None if sizes is None else [list(size) for size in sizes]


class MediaQuery(PageQuery):
    state = serializers.ChoiceField(choices=MediaState.choices, required=False)


class UploadInput(serializers.Serializer[Any]):
    file = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=400),
        allow_empty=False,
        help_text="One file, or with `kind` several pictures or DICOM files, or one ZIP archive of them.",
    )
    kind = serializers.ChoiceField(
        choices=SERIES_CHOICES, required=False, help_text="What the files are together; without it, one file."
    )
    title = serializers.CharField(
        max_length=TITLE_MAX, required=False, help_text="What to call it; by default the file's name."
    )
    make_task = serializers.BooleanField(
        default=True, help_text="Make a task of the whole media once it is read."
    )


class FrameQuery(Input):
    w = serializers.IntegerField(
        min_value=16, max_value=8192, required=False, help_text="Scale down to so many pixels wide."
    )
    wc = serializers.FloatField(required=False, help_text="Center of the grey values shown; DICOM only.")
    ww = serializers.FloatField(
        min_value=0, required=False, help_text="Width of the grey values shown; DICOM only."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not all(math.isfinite(attrs[name]) for name in ("wc", "ww") if name in attrs):
            raise serializers.ValidationError("A window is made of two finite numbers.")
        return attrs


class ProjectMediaView(ApiView):
    """The media of a project."""

    parser_classes = [MultiPartParser]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Before anything reads the body: the check against forged requests does.
        if request.method == "POST":
            self.upload = HashingUpload(request)
            request.upload_handlers = [self.upload]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        parameters=[MediaQuery],
        operation_id="projects_media_list",
        responses=page_of(MediaSerializer),
        tags=["media"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the media."""
        query = self.query(MediaQuery)
        rows = media_list(project_id=project_id)
        if "state" in query:
            rows = rows.filter(state=query["state"])
        return page(rows, query=query, serializer=MediaSerializer, newest_first=True)

    @extend_schema(
        request={"multipart/form-data": UploadInput},
        responses={201: MediaSerializer, 200: MediaSerializer},
        tags=["media"],
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Upload a file, or with `kind` several that are one media.

        It is read by a worker: its state goes from registered to ready or failed. The same bytes again
        answer 200 with the media that is there.
        """
        try:
            body = self.body(UploadInput)
        except serializers.ValidationError:
            if self.upload.error:
                raise self.upload.error from None
            raise
        if self.upload.error:
            raise self.upload.error
        files: list[ReceivedFile] = body["file"]
        try:
            if len(files) != self.upload.count:
                raise LabelyardError("invalid", "Files are sent in the field “file” alone.")
            done = media_receive(
                user=self.person,
                project=project_get(user=self.person, project_id=project_id),
                spool=Spool(self.upload.spool, self.upload.digest.hexdigest(), [one.piece for one in files]),
                kind=body.get("kind", ""),
                title=body.get("title", ""),
                make_task=body["make_task"],
            )
        finally:
            self.upload.drop()
        code = status.HTTP_201_CREATED if done.created else status.HTTP_200_OK
        return Response(MediaSerializer(done.media).data, status=code)


class MediaView(ApiView):
    """One media."""

    @extend_schema(responses=MediaFactsSerializer, tags=["media"])
    def get(self, request: Request, media_id: int) -> Response:
        """What is known of it."""
        return Response(MediaFactsSerializer(media_get(media_id=media_id)).data)


class MediaReadView(ApiView):
    """Another reading of a file that was refused."""

    @extend_schema(request=None, responses=MediaSerializer, tags=["media"])
    def post(self, request: Request, media_id: int) -> Response:
        """Read a failed media again: its bucket denied or was away, say."""
        media = media_get(media_id=media_id)
        media_read_again(media=media)
        return Response(MediaSerializer(media).data)


class MediaFrameView(ApiView):
    """One displayed frame."""

    # A film is many requests.
    unlimited = True

    @extend_schema(
        parameters=[FrameQuery], responses={(200, "image/jpeg"): OpenApiTypes.BINARY}, tags=["media"]
    )
    def get(self, request: Request, media_id: int, frame: int) -> HttpResponseBase:
        """The n-th displayed frame, from 0, as JPEG. It never changes: keep it for ever.

        The grey values of a DICOM series are shown in the window that `wc` and `ww` name, rounded to
        what can be told apart; by default in that of `window`.
        """
        query = self.query(FrameQuery)
        width = query.get("w")
        media = media_get(media_id=media_id)
        window = window_rounded(media, center=query.get("wc"), width=query.get("ww"))
        tag = f'"{media.pictures_key}-{frame}-{width or "full"}-{window or "default"}"'
        if tag in request.headers.get("If-None-Match", ""):
            answer: HttpResponse = HttpResponseNotModified()
        else:
            with source_watched(media):
                jpeg = still_jpeg(media=media, frame=frame, width=width, window=window)
            answer = HttpResponse(jpeg, content_type="image/jpeg")
        answer["ETag"] = tag
        answer["Cache-Control"] = FOR_EVER
        return answer
