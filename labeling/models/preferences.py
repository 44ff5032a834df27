"""What one person has set for themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Preferences(models.Model):
    """The settings that differ from the defaults; ``services.preferences`` knows the keys."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="preferences"
    )
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"preferences of {self.user}"
