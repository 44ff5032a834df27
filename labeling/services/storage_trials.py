"""Trying out the installation's own store, with direct uploads and what browsers need for them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.conf import settings

from labeling.media.configured import direct_store, store_options
from labeling.media.errors import StorageError
from labeling.media.s3 import Trial, bucket_trial, cors_trial
from labeling.services.direct_uploads import FOLDER

LOCAL = Trial("ok", "Uploads lie in a folder of the server; files go through the server.")
OFF = Trial("ok", "Direct uploads are off (LABELYARD_DIRECT_UPLOAD); files go through the server.")
NO_ORIGIN = Trial(
    "ok", "Which pages may send files into the bucket was not tried: name their origin (--origin)."
)
SECONDS = 60


def storage_trials(*, origins: Sequence[str]) -> list[Trial]:
    """Return what works and what is in the way, in the order tried."""
    if settings.STORAGE == "local":
        return [LOCAL]
    first = bucket_trial(store_options())
    if first.code != "ok":
        return [first]
    return [first, *direct_trials(origins)]


def direct_trials(origins: Sequence[str]) -> list[Trial]:
    """Begin an upload, ask for each origin what a browser would ask before it sends a part, and drop it."""
    key = f"{FOLDER}/{uuid4().hex}"
    try:
        store = direct_store()
        if store is None:
            return [OFF]
        upload = store.begin(key)
        try:
            url = store.part_url(key, upload, number=1, size=1, seconds=SECONDS)
            told = [cors_trial(url, origin=origin, bucket=settings.S3_BUCKET) for origin in origins]
        finally:
            store.drop(key, upload)
    except StorageError as error:
        return [Trial(error.code, error.sentence)]
    begun = Trial("ok", f"Files can be uploaded straight into the bucket {settings.S3_BUCKET}.")
    return [begun, *(told or [NO_ORIGIN])]
