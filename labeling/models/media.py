"""Media: one data unit each, and the frames that decoding it yields."""

from __future__ import annotations

import uuid

from django.db import models

from labeling.models.connection import Connection
from labeling.models.lease import Leased
from labeling.models.project import Project


class MediaKind(models.TextChoices):
    VIDEO = "video", "Video"
    IMAGE = "image", "Image"
    IMAGE_GROUP = "image_group", "Image group"
    IMAGE_SEQUENCE = "image_sequence", "Image sequence"
    DICOM = "dicom", "DICOM series"
    OPAQUE = "opaque", "Other file"


NOUNS = {
    MediaKind.VIDEO: "a video",
    MediaKind.IMAGE: "an image",
    MediaKind.IMAGE_GROUP: "an image group",
    MediaKind.IMAGE_SEQUENCE: "an image sequence",
    MediaKind.DICOM: "a DICOM series",
}
OPAQUE_NOUNS = {
    "audio/wav": "an audio file",
    "audio/mpeg": "an audio file",
    "application/pdf": "a PDF document",
    "text/html": "an HTML page",
    "text/plain": "a text",
}
"""By the type of their bytes."""

SERIES_CHOICES = [
    (kind.value, kind.label) for kind in (MediaKind.IMAGE_GROUP, MediaKind.IMAGE_SEQUENCE, MediaKind.DICOM)
]


class MediaState(models.TextChoices):
    """``registered → probing → ready | failed``; a probe that lost its worker is registered again."""

    REGISTERED = "registered", "Waiting to be read"
    PROBING = "probing", "Being read"
    READY = "ready", "Ready"
    FAILED = "failed", "Refused"


class MediaSource(models.TextChoices):
    """What is known of the bytes of a media where they lie."""

    PRESENT = "present", "Present"
    CHANGED = "changed", "Another object lies under its key now"
    VANISHED = "vanished", "Its object is gone from the bucket"


class Media(Leased):
    """A file in the store, or several in one archive; with a ``connection`` an object in its bucket, that
    of ``etag`` and no other. Width and height are those of the displayed frame, in pixels."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="media")
    title = models.CharField(max_length=400)
    kind = models.CharField(max_length=14, choices=MediaKind.choices, blank=True, default="")
    # What its owner called it: one of the kinds that several files make up; blank for a file of its own.
    uploaded_as = models.CharField(max_length=14, choices=SERIES_CHOICES, blank=True, default="")
    state = models.CharField(max_length=10, choices=MediaState.choices, default=MediaState.REGISTERED)
    # Whose bucket it lies in; null is the installation's own store.
    connection = models.ForeignKey(
        Connection, null=True, blank=True, on_delete=models.PROTECT, related_name="media"
    )
    storage_key = models.CharField(max_length=1024)
    etag = models.CharField(max_length=200, blank=True, default="")
    source = models.CharField(max_length=8, choices=MediaSource.choices, default=MediaSource.PRESENT)
    # Blank until the object of a bucket was read.
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size_bytes = models.BigIntegerField()
    mime_type = models.CharField(max_length=100, blank=True, default="")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    # Frames have sizes of their own; width and height are the largest of each.
    sizes_differ = models.BooleanField(default=False)
    frame_count = models.PositiveIntegerField(null=True, blank=True)
    fps = models.FloatField(null=True, blank=True)
    duration_seconds = models.FloatField(null=True, blank=True)
    # Spans of ordinals that decoded with damage, both ends inclusive: [[first, last], ...].
    damaged = models.JSONField(default=list, blank=True)
    # Grey values of a DICOM series: {"center", "width", "low", "high"}; null for all else.
    window = models.JSONField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")
    # A task for the whole media is made as soon as it is ready.
    wants_task = models.BooleanField(default=False)
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "media"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "sha256", "uploaded_as"],
                condition=~models.Q(sha256=""),
                name="media_once_a_project",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=MediaSource.values), name="media_source_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MediaState.READY, sha256=""), name="media_ready_has_hash"
            ),
            models.CheckConstraint(condition=models.Q(state__in=MediaState.values), name="media_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=MediaState.READY)
                | models.Q(kind=MediaKind.OPAQUE)
                | models.Q(width__gt=0, height__gt=0, frame_count__gt=0),
                name="media_ready_has_frames",
            ),
            models.CheckConstraint(
                condition=models.Q(state=MediaState.PROBING, lease_expires_at__isnull=False)
                | (~models.Q(state=MediaState.PROBING) & models.Q(lease_expires_at__isnull=True)),
                name="media_probing_is_leased",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="media_waiting",
                condition=models.Q(state=MediaState.REGISTERED, connection__isnull=True),
            ),
            models.Index(
                fields=["project", "id"],
                name="media_waiting_in_bucket",
                condition=models.Q(state=MediaState.REGISTERED, connection__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def noun(self) -> str:
        """What it is, as sentences on what cannot be done with it name it: “an image”, “an audio file”."""
        if self.kind in NOUNS:
            return NOUNS[MediaKind(self.kind)]
        return OPAQUE_NOUNS.get(self.mime_type, "a file without pictures")

    @property
    def pictures_key(self) -> str:
        """What names the media's pictures for ever: its bytes, and what they were said to be."""
        return f"{self.sha256}-{self.uploaded_as}" if self.uploaded_as else self.sha256


class MediaFrames(models.Model):
    """The frame table of a video or of a series: ``labeling.media.reader.table_of`` unpacks it."""

    media = models.OneToOneField(Media, primary_key=True, on_delete=models.CASCADE, related_name="frames")
    table = models.BinaryField()

    def __str__(self) -> str:
        return f"frames of {self.media}"
