"""Filters of the queue that a person keeps under a name."""

from __future__ import annotations

from django.db import models


class SavedFilter(models.Model):
    """``query`` is that part of the address after its question mark."""

    user = models.ForeignKey("labeling.User", on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_named_once")]

    def __str__(self) -> str:
        return self.name
