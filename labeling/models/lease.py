"""What a row needs so that one holder at a time works on it."""

from __future__ import annotations

from django.db import models


class Leased(models.Model):
    """Held by one worker until the lease runs out by the database's clock.

    ``token`` grows with every claim and fences the previous holder off: each write of a holder
    begins with an UPDATE that names the token it was given. ``losses`` counts leases that ran out
    since the last commit.
    """

    token = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=120, blank=True, default="")
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    losses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
