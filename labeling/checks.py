"""System checks: what does not fit together is said at start, with a hint on how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from limits import parse

STORES = ("local", "s3")


@register()
def storage_is_complete(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The store is one we know, and S3 has a bucket."""
    if settings.STORAGE not in STORES:
        return [
            Error(
                f"LABELYARD_STORAGE is {settings.STORAGE!r}.",
                hint="Set it to 'local' (a folder) or 's3' (a bucket).",
                id="labeling.E001",
            )
        ]
    if settings.STORAGE == "s3" and not settings.S3_BUCKET:
        return [
            Error(
                "LABELYARD_STORAGE is 's3', but no bucket is named.",
                hint="Set LABELYARD_S3_BUCKET, and LABELYARD_S3_ENDPOINT for a compatible store.",
                id="labeling.E002",
            )
        ]
    return []


@register()
def rate_can_be_read(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The rate is empty, or a number a time."""
    try:
        parse(settings.RATE_LIMIT or "1/second")
    except ValueError:
        return [
            Error(
                f"LABELYARD_RATE_LIMIT is {settings.RATE_LIMIT!r}.",
                hint="Set it to a number of requests in a time, such as 3000/minute, or leave it empty.",
                id="labeling.E004",
            )
        ]
    return []


@register()
def heartbeat_fits_lease(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A lease survives at least two heartbeats that come late."""
    if settings.HEARTBEAT_SECONDS * 3 <= settings.LEASE_SECONDS:
        return []
    return [
        Error(
            f"The lease ({settings.LEASE_SECONDS} s) is shorter than three heartbeats "
            f"({settings.HEARTBEAT_SECONDS} s each): live workers would lose their work.",
            hint="Raise LABELYARD_LEASE_SECONDS or lower LABELYARD_HEARTBEAT_SECONDS.",
            id="labeling.E003",
        )
    ]
