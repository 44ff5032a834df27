"""``uploads/``: files that go straight into the installation's bucket, in parts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.media import MediaSerializer
from labeling.api.views import ApiView, Input
from labeling.models import DirectUpload
from labeling.models.media import SERIES_CHOICES
from labeling.selectors.direct_uploads import OPEN_FOR, parts_of, upload_get, upload_way
from labeling.selectors.projects import project_get
from labeling.services.direct_uploads import (
    URL_SECONDS,
    Promise,
    upload_begin,
    upload_cancel,
    upload_complete,
    upload_parts_sign,
    upload_parts_there,
)
from labeling.services.media import TITLE_MAX

SHA256 = re.compile(r"[0-9a-f]{64}\Z")
NUMBERS_MAX = 100


class UploadWaySerializer(serializers.Serializer[Any]):
    """By which way files arrive: of `min_bytes` and more straight into the bucket where `direct`."""

    direct = serializers.BooleanField()
    sentence = serializers.CharField()
    min_bytes = serializers.IntegerField()
    max_bytes = serializers.IntegerField()


class DirectUploadSerializer(serializers.ModelSerializer[DirectUpload]):
    """An upload. `media` is its media once it is done."""

    kind = serializers.CharField(source="uploaded_as")
    part_count = serializers.SerializerMethodField(help_text="Parts are numbered from 1.")
    parts_there = serializers.SerializerMethodField(help_text="Numbers of the whole parts that have arrived.")
    expires_at = serializers.SerializerMethodField(
        help_text="When it is given up, if nobody goes on with it."
    )

    class Meta:
        model = DirectUpload
        fields = (
            "id", "project", "title", "kind", "state", "size_bytes", "part_bytes", "part_count",
            "parts_there", "media", "created_at", "expires_at",
        )  # fmt: skip

    def get_part_count(self, upload: DirectUpload) -> int:
        return parts_of(upload)

    def get_parts_there(self, upload: DirectUpload) -> list[int]:
        return [part.number for part in upload_parts_there(upload=upload)]

    def get_expires_at(self, upload: DirectUpload) -> datetime:
        return upload.touched_at + OPEN_FOR


class Sha256Field(serializers.CharField):
    """64 hexadecimal digits, in lower case."""

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if value and not SHA256.match(value):
            raise serializers.ValidationError("A SHA-256 has 64 hexadecimal digits, in lower case.")
        return str(value)


class DirectUploadInput(Input):
    name = serializers.CharField(max_length=TITLE_MAX, help_text="The file's name; what to call the media.")
    size_bytes = serializers.IntegerField(min_value=0, max_value=2**62)
    kind = serializers.ChoiceField(
        choices=SERIES_CHOICES, required=False, help_text="What the pictures of a ZIP archive are together."
    )
    sha256 = Sha256Field(
        required=False,
        help_text="Of the file, where you know it: bytes that the project has are not sent again.",
    )
    fingerprint = serializers.CharField(
        max_length=400,
        required=False,
        help_text="Tells the file from others of yours, so that an upload that broke off goes on; "
        "the `sha256` does without.",
    )
    make_task = serializers.BooleanField(
        default=True, help_text="Make a task of the whole media once it is read."
    )


class PartsInput(Input):
    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10_000),
        allow_empty=False,
        max_length=NUMBERS_MAX,
    )


class UploadPartSerializer(serializers.Serializer[Any]):
    """PUT exactly `size` bytes to `url`, without headers of your own. It is a secret: it needs no token."""

    number = serializers.IntegerField()
    size = serializers.IntegerField()
    url = serializers.CharField()


class UploadPartsSerializer(serializers.Serializer[Any]):
    parts = UploadPartSerializer(many=True)
    expires_at = serializers.DateTimeField()


class CompleteInput(Input):
    parts_sha256 = Sha256Field(
        required=False,
        help_text="SHA-256 over the SHA-256 digests (32 bytes each) of all parts in order. What is read "
        "later has to have it.",
    )


class ProjectUploadsView(ApiView):
    """Direct uploads of a project."""

    @extend_schema(responses=UploadWaySerializer, operation_id="projects_uploads_way", tags=["media"])
    def get(self, request: Request, project_id: int) -> Response:
        """Say by which way files arrive: straight into the bucket, or through the server."""
        return Response(UploadWaySerializer(upload_way()).data)

    @extend_schema(
        request=DirectUploadInput,
        responses={201: DirectUploadSerializer, 200: DirectUploadSerializer},
        tags=["media"],
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Begin an upload straight into the bucket.

        200 with the open upload of yours for the same file, which goes on; or, by `sha256`, with one that is
        done: the project has the bytes.
        """
        body = self.body(DirectUploadInput)
        promise = Promise(
            title=body["name"],
            size=body["size_bytes"],
            kind=body.get("kind", ""),
            sha256=body.get("sha256", ""),
            fingerprint=body.get("fingerprint", ""),
            make_task=body["make_task"],
        )
        project = project_get(user=self.person, project_id=project_id)
        begun = upload_begin(user=self.person, project=project, promise=promise)
        code = status.HTTP_201_CREATED if begun.created else status.HTTP_200_OK
        return Response(DirectUploadSerializer(begun.upload).data, status=code)


class UploadView(ApiView):
    """One upload. Only who began it sees it."""

    @extend_schema(responses=DirectUploadSerializer, tags=["media"])
    def get(self, request: Request, upload_id: int) -> Response:
        """How far it is: which parts are there."""
        return Response(DirectUploadSerializer(upload_get(user=self.person, upload_id=upload_id)).data)

    @extend_schema(request=None, responses={204: None}, tags=["media"])
    def delete(self, request: Request, upload_id: int) -> Response:
        """Give it up, and remove what arrived."""
        upload_cancel(upload=upload_get(user=self.person, upload_id=upload_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class UploadPartsView(ApiView):
    """Where parts go."""

    @extend_schema(request=PartsInput, responses=UploadPartsSerializer, tags=["media"])
    def post(self, request: Request, upload_id: int) -> Response:
        """Ask for addresses for parts, at most 100 at a time. They are good for a quarter of an hour."""
        upload = upload_get(user=self.person, upload_id=upload_id)
        until = timezone.now() + timedelta(seconds=URL_SECONDS)
        parts = upload_parts_sign(upload=upload, numbers=self.body(PartsInput)["numbers"])
        return Response(UploadPartsSerializer({"parts": parts, "expires_at": until}).data)


class UploadCompleteView(ApiView):
    """The end of an upload."""

    @extend_schema(
        request=CompleteInput, responses={201: MediaSerializer, 200: MediaSerializer}, tags=["media"]
    )
    def post(self, request: Request, upload_id: int) -> Response:
        """Say that all parts are sent: they become a media, which a worker reads. Again: the same media."""
        body = self.body(CompleteInput)
        upload = upload_get(user=self.person, upload_id=upload_id)
        done = upload_complete(upload=upload, parts_sha256=body.get("parts_sha256", ""))
        code = status.HTTP_201_CREATED if done.created else status.HTTP_200_OK
        return Response(MediaSerializer(done.media).data, status=code)
