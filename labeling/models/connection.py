"""Connections: the buckets that a project takes media from."""

from __future__ import annotations

import uuid

from django.db import models

from labeling.models.project import Project


class Credentials(models.TextChoices):
    KEYS = "keys", "Keys of its own"
    ENVIRONMENT = "environment", "Those of this installation"


class Connection(models.Model):
    """A bucket of S3 or of a store that speaks it, and how to reach it.

    ``sealed`` holds the keys (``labeling.sealing``); nothing shows them again but the end of the access
    key's name. The ``test_…`` fields keep what the last trial said.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="connections")
    name = models.CharField(max_length=100)
    # Blank is Amazon's.
    endpoint = models.CharField(max_length=300, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    bucket = models.CharField(max_length=255)
    # Nothing outside of it is listed or written.
    prefix = models.CharField(max_length=1024, blank=True, default="")
    path_style = models.BooleanField(default=False)
    credentials = models.CharField(max_length=11, choices=Credentials.choices, default=Credentials.KEYS)
    sealed = models.TextField(blank=True, default="")
    access_key_end = models.CharField(max_length=4, blank=True, default="")
    keys_set_at = models.DateTimeField(null=True, blank=True)
    test_code = models.CharField(max_length=40, blank=True, default="")
    test_sentence = models.TextField(blank=True, default="")
    tested_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="connection_named_once"),
            models.CheckConstraint(
                condition=models.Q(credentials__in=Credentials.values), name="connection_credentials_known"
            ),
            models.CheckConstraint(
                condition=(models.Q(credentials=Credentials.KEYS) & ~models.Q(sealed=""))
                | models.Q(credentials=Credentials.ENVIRONMENT, sealed=""),
                name="connection_keys_are_sealed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The bucket and prefix as people write them."""
        return f"s3://{self.bucket}/{self.prefix}"
