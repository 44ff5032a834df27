"""Who has a task open, and who of them is at work in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from labeling.models.task import Task


class Presence(models.Model):
    """One person at one task, until the database's clock passes ``expires_at``.

    ``holds`` is the soft lease: it tells others who is editing, and keeps nobody from saving. A task
    has one holder at most.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="presence")
    user = models.ForeignKey("labeling.User", on_delete=models.CASCADE, related_name="+")
    holds = models.BooleanField(default=False)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "user"], name="presence_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(holds=True), name="presence_one_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at task {self.task_id}"
