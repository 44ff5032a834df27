"""Workers that are, or were, alive."""

from __future__ import annotations

from django.db import models


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
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # When it said that it ends; null while it lives, and for one that went without a word.
    left_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
