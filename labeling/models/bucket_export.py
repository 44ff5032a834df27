"""Exports into a bucket, as queued work."""

from __future__ import annotations

from django.db import models

from labeling.models.connection import Connection
from labeling.models.lease import Leased
from labeling.models.project import Project
from labeling.models.task import Task


class ExportState(models.TextChoices):
    """``queued → running → succeeded | failed``; one that lost its worker is queued again."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"


class BucketExport(Leased):
    """A project, or one task of it, written to a connection's bucket in one of the formats.

    ``key`` is where, whole; ``not_held`` are sentences on what the format cannot hold.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="bucket_exports")
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="exports")
    form = models.CharField(max_length=20)
    key = models.CharField(max_length=1024, blank=True, default="")
    state = models.CharField(max_length=9, choices=ExportState.choices, default=ExportState.QUEUED)
    size_bytes = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    not_held = models.JSONField(default=list)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ExportState.values), name="export_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ExportState.RUNNING, lease_expires_at__isnull=False)
                | (~models.Q(state=ExportState.RUNNING) & models.Q(lease_expires_at__isnull=True)),
                name="export_running_is_leased",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="export_active",
                condition=models.Q(state__in=(ExportState.QUEUED, ExportState.RUNNING)),
            )
        ]

    def __str__(self) -> str:
        return f"export {self.pk} to {self.connection}"
