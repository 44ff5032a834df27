"""Store and caches as the settings name them: one of each a process."""

from __future__ import annotations

import atexit
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from labeling.media.diskcache import DiskCache
from labeling.media.limits import CacheLimits, MediaLimits
from labeling.media.s3 import DirectStore, S3Options, S3Storage
from labeling.media.stills import Stills
from labeling.media.storage import LocalStorage, Storage


def media_storage() -> Storage:
    """Return the store of media bytes: a folder, or a bucket behind a capped disk cache."""
    if settings.STORAGE == "local":
        return LocalStorage(settings.MEDIA_DIR)
    return bucket_storage(store_options())


def store_options() -> S3Options:
    """Return the bucket of the settings."""
    return S3Options(
        bucket=settings.S3_BUCKET,
        prefix=settings.S3_PREFIX,
        endpoint=settings.S3_ENDPOINT,
        region=settings.S3_REGION,
        path_style=settings.S3_PATH_STYLE,
        access_key=settings.S3_ACCESS_KEY,
        secret_key=settings.S3_SECRET_KEY,
    )


def direct_store() -> DirectStore | None:
    """Return where files may go straight into the bucket; None where they go through the server.

    Raises StorageError.
    """
    if settings.STORAGE == "local" or not settings.DIRECT_UPLOAD:
        return None
    return direct(store_options(), public=settings.S3_PUBLIC_ENDPOINT)


@lru_cache(maxsize=4)
def direct(options: S3Options, *, public: str | None) -> DirectStore:
    """Return the one client of this process for it."""
    return DirectStore(options, public=public)


def bucket_storage(options: S3Options) -> S3Storage:
    """Return a bucket behind the disk cache that all buckets share. Raises StorageError."""
    return bucket(options, folder=settings.CACHE_DIR / "media", max_bytes=settings.MEDIA_CACHE_BYTES)


@lru_cache(maxsize=32)
def bucket(options: S3Options, *, folder: Path, max_bytes: int) -> S3Storage:
    """Return the one client and cache of a bucket in this process; those used last are kept."""
    return S3Storage(options, cache=DiskCache(folder, max_bytes=max_bytes))


def media_limits() -> MediaLimits:
    """Return what decoding one file may cost."""
    return MediaLimits(max_bytes=settings.UPLOAD_MAX_BYTES)


@cache
def media_stills() -> Stills:
    """Return this process's stills, cached in the folder that all web processes share.

    Its children end with it.
    """
    stills = Stills(
        settings.CACHE_DIR / "stills",
        cache=CacheLimits(max_bytes=settings.STILLS_CACHE_BYTES),
        limits=media_limits(),
    )
    atexit.register(stills.close)
    return stills


def forget() -> None:
    """End the stills' children and make them anew at the next use: the settings have changed."""
    if media_stills.cache_info().currsize:
        media_stills().close()
    media_stills.cache_clear()
