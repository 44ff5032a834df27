"""People and service accounts."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who signs in, or an integration that only holds tokens."""

    is_service = models.BooleanField(default=False)
