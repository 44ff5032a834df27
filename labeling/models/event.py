"""Events: what happened, written in the transaction in which it happened."""

from __future__ import annotations

from django.db import models

from labeling.models.job import Job
from labeling.models.media import Media
from labeling.models.project import Project
from labeling.models.task import Task


class Event(models.Model):
    """Something that pages, streams and webhooks tell others.

    ``number`` orders the events of one job. ``position`` orders all of them: the relay gives it to
    rows that are committed, since ids are not committed in order. Readers follow ``position``.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="events", db_index=False)
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="events")
    job = models.ForeignKey(Job, null=True, on_delete=models.CASCADE, related_name="events", db_index=False)
    media = models.ForeignKey(
        Media, null=True, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=40)
    number = models.PositiveIntegerField(null=True)
    payload = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="job_event_once")]
        indexes = [
            models.Index(fields=["id"], name="event_unnumbered", condition=models.Q(position__isnull=True)),
            models.Index(fields=["project", "position"], name="event_feed"),
            models.Index(fields=["media"], name="event_of_media", condition=models.Q(media__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.position})"


class EventCursor(models.Model):
    """The last position given. One row; its lock makes the relay's numbering single-handed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="event_cursor_alone")]

    def __str__(self) -> str:
        return str(self.position)
