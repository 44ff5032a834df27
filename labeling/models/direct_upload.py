"""Uploads that go straight into the bucket of the installation, in parts."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from labeling.models.media import SERIES_CHOICES, Media
from labeling.models.project import Project


class UploadState(models.TextChoices):
    """``open → done | cancelled``; what nobody went on with for a day is cancelled, too."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class DirectUpload(models.Model):
    """One file that its sender puts into the bucket, part by part, under a key that the server chose.

    ``sha256`` and ``parts_sha256`` (hexadecimal) are what the sender says of the bytes: the first reading
    of the media holds them against what lies there.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="direct_uploads")
    # Nobody else may go on with it.
    created_by = models.ForeignKey("labeling.User", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=UploadState.choices, default=UploadState.OPEN)
    title = models.CharField(max_length=400)
    size_bytes = models.BigIntegerField()
    uploaded_as = models.CharField(max_length=14, choices=SERIES_CHOICES, blank=True, default="")
    make_task = models.BooleanField(default=True)
    # Tells the file from others of its sender, so that an upload that broke off is found again.
    fingerprint = models.CharField(max_length=400, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    parts_sha256 = models.CharField(max_length=64, blank=True, default="")
    part_bytes = models.BigIntegerField()
    # Blank where the bytes were known, and nothing had to be sent.
    storage_key = models.CharField(max_length=200, blank=True, default="")
    store_upload = models.CharField(max_length=1024, blank=True, default="")
    media = models.ForeignKey(
        Media, null=True, blank=True, on_delete=models.CASCADE, related_name="direct_uploads"
    )
    # Of a cancelled one: nothing of it is left in the bucket.
    removed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # When its sender asked for the last time where to put parts.
    touched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=UploadState.values), name="direct_upload_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=UploadState.DONE) | models.Q(media__isnull=False),
                name="direct_upload_done_has_media",
            ),
        ]
        indexes = [
            models.Index(
                fields=["touched_at"],
                name="direct_upload_open",
                condition=models.Q(state=UploadState.OPEN),
            ),
            models.Index(
                fields=["id"],
                name="direct_upload_to_remove",
                condition=models.Q(state=UploadState.CANCELLED, removed=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title
