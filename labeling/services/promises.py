"""What a sender said of the bytes of a direct upload, held against what lies in the store."""

from __future__ import annotations

import logging
from pathlib import Path

from labeling.errors import refused
from labeling.media.configured import media_storage
from labeling.media.errors import StorageError
from labeling.media.parts import parts_sha256
from labeling.models import DirectUpload, Media

logger = logging.getLogger(__name__)


def promise_check(*, media: Media, path: Path) -> None:
    """Raise ``upload_differs`` (422) unless the bytes at ``path``, whose hash is the media's, are those that
    its sender promised."""
    for upload in DirectUpload.objects.filter(media=media):
        kept = not upload.sha256 or upload.sha256 == media.sha256
        if kept and upload.parts_sha256:
            kept = upload.parts_sha256 == parts_sha256(path, part_bytes=upload.part_bytes)
        if not kept:
            sentence = f"What arrived of “{media}” is not the file that was sent. Upload it again."
            raise refused("upload_differs", sentence)


def object_leave(*, key: str) -> None:
    """Remove an object of the installation's store that no media is read from any more."""
    if Media.objects.filter(connection=None, storage_key=key).exists():
        return
    try:
        media_storage().delete(key)
    except StorageError as error:
        logger.warning("A second copy of known bytes stays in the store as %s: %s", key, error.sentence)
