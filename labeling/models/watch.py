"""Watches: prefixes of buckets that are listed again and again, so that new objects are registered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from labeling.models.connection import Connection
from labeling.models.listing import FOLDER_CHOICES, WhenChanged
from labeling.models.project import Project


class WatchState(models.TextChoices):
    """``off ⇄ on``, by people; ``on → paused`` when its listings keep failing, with the reason."""

    OFF = "off", "Off"
    ON = "on", "On"
    PAUSED = "paused", "Paused"


class Watch(models.Model):
    """A listing that is repeated: ``every_minutes``, or once a day ``at`` a time (UTC).

    What is listed and what becomes of it is said as in a listing. ``next_at`` is when the next one is due;
    ``listing`` the last one; ``failures`` how many have failed in a row.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="watches")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="watches")
    state = models.CharField(max_length=6, choices=WatchState.choices, default=WatchState.OFF)
    prefix = models.CharField(max_length=1024, blank=True, default="")
    suffixes = models.JSONField(default=list)
    folders_as = models.CharField(max_length=14, choices=FOLDER_CHOICES, blank=True, default="")
    when_changed = models.CharField(max_length=8, choices=WhenChanged.choices, default=WhenChanged.SAY)
    make_tasks = models.BooleanField(default=True)
    every_minutes = models.PositiveIntegerField(null=True, blank=True)
    at = models.TimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    listing = models.ForeignKey("labeling.Listing", null=True, on_delete=models.SET_NULL, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")
    # Who switched it on: its listings are theirs.
    switched_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.UniqueConstraint(fields=["connection", "prefix"], name="watch_once_a_prefix"),
            models.CheckConstraint(condition=Q(state__in=WatchState.values), name="watch_state_known"),
            models.CheckConstraint(
                condition=Q(when_changed__in=WhenChanged.values), name="watch_when_changed_known"
            ),
            models.CheckConstraint(
                condition=Q(every_minutes__gt=0, at__isnull=True)
                | Q(every_minutes__isnull=True, at__isnull=False),
                name="watch_every_or_at",
            ),
            models.CheckConstraint(
                condition=Q(state=WatchState.ON, next_at__isnull=False)
                | (~Q(state=WatchState.ON) & Q(next_at__isnull=True)),
                name="watch_on_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="watch_due", condition=Q(state=WatchState.ON)),
        ]

    def __str__(self) -> str:
        return f"s3://{self.connection.bucket}/{self.prefix}"

    @property
    def rhythm(self) -> str:
        """When it lists, in words."""
        if self.at is not None:
            return f"daily at {self.at:%H:%M} UTC"
        minutes = self.every_minutes or 0
        if minutes % 60:
            return f"every {minutes} minutes"
        return "every hour" if minutes == 60 else f"every {minutes // 60} hours"
