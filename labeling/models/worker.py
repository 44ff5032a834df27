"""Workers that are, or were, alive."""

from __future__ import annotations

from django.db import models


class WorkerHold(models.TextChoices):
    """Why a worker takes nothing new: *drained* before it is stopped, *quarantined* as it does harm."""

    NONE = "", "Takes parts"
    DRAINED = "drained", "Drained"
    QUARANTINED = "quarantined", "Quarantined"


class Worker(models.Model):
    """What a worker process announces every few seconds: what it takes and what it can run.

    Rows of workers that are gone stay: what they offered may be ordered, and waits for one.
    """

    name = models.CharField(max_length=120, unique=True)
    capabilities = models.JSONField(default=list)
    # {"fast": {"capability": "cpu", "shapes": [...]}}: what it runs, on which queue, for which shapes.
    algorithms = models.JSONField(default=dict)
    # {"similar": {"capability": "cpu", "reads": ["examples"]}}: the detectors of detecting jobs.
    detectors = models.JSONField(default=dict)
    device = models.CharField(max_length=100, blank=True, default="")
    # True where models of it run on a GPU: its time counts as such.
    has_gpu = models.BooleanField(default=False)
    # Bytes of its processes, and of its machine: in all, and free.
    memory = models.JSONField(default=dict)
    # What an operator said of it; kept over its restarts.
    held = models.CharField(max_length=11, choices=WorkerHold.choices, default=WorkerHold.NONE, blank=True)
    held_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    held_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # When it said that it ends; null while it lives, and for one that went without a word.
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(held__in=WorkerHold.values), name="worker_hold_known")
        ]

    def __str__(self) -> str:
        return self.name
