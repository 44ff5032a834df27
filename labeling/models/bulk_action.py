"""What somebody asked of many jobs at once, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class BulkVerb(models.TextChoices):
    PAUSE = "pause", "Pause"
    RESUME = "resume", "Resume"
    CANCEL = "cancel", "Cancel"
    RETRY = "retry", "Retry"
    REVERT = "revert", "Revert"


class BulkAction(models.Model):
    """One thing asked of all jobs that matched a filter then; it is carried out behind the request.

    ``until`` is the newest job that is meant: jobs that are ordered later are not. ``total``: how many it
    could be done to when it was asked. ``steps`` is moved by whoever gets on with it, ``after`` is the last
    job that was done by itself.
    """

    user = models.ForeignKey("labeling.User", on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=6, choices=BulkVerb.choices)
    cancel_keeps = models.BooleanField(null=True, blank=True)
    filter = models.JSONField(default=dict)
    until = models.BigIntegerField()
    total = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    after = models.BigIntegerField(default=0)
    outcome = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verb__in=BulkVerb.values), name="bulk_verb_known"),
            models.CheckConstraint(
                condition=Q(verb=BulkVerb.CANCEL, cancel_keeps__isnull=False)
                | (~Q(verb=BulkVerb.CANCEL) & Q(cancel_keeps__isnull=True)),
                name="bulk_cancel_says_keep_or_discard",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="bulk_to_tend", condition=Q(finished_at__isnull=True)),
            models.Index(fields=["user", "-id"], name="bulk_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.total} jobs"
