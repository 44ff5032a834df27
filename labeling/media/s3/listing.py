"""The objects of a bucket, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labeling.media.errors import StorageError
from labeling.media.s3.client import S3Options
from labeling.media.s3.errors import told

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PAGE_KEYS = 1000


@dataclass(frozen=True)
class Listed:
    """An object as the listing tells of it. ``etag`` is without quotes; ``archived`` ones cannot be read."""

    key: str
    etag: str
    size: int
    archived: bool = False


@dataclass(frozen=True)
class ListedPage:
    """Objects in the order of their keys; ``last`` when there are no more."""

    objects: tuple[Listed, ...]
    last: bool


def page_list(
    client: S3Client, options: S3Options, *, prefix: str, after: str, most: int = PAGE_KEYS
) -> ListedPage:
    """Return the objects whose keys begin with ``prefix`` and come after ``after``, at most ``most``.

    Goes by the last key and not by the store's token: a token may have expired when a listing goes on
    the next day. Raises StorageError.
    """
    asked: dict[str, Any] = {"Bucket": options.bucket, "Prefix": prefix, "MaxKeys": most}
    if after:
        asked["StartAfter"] = after
    with told(options):
        answer = client.list_objects_v2(**asked)
    found = tuple(listed(entry) for entry in answer.get("Contents", []))
    last = not answer.get("IsTruncated", False)
    if found and after and found[0].key == after:
        found = found[1:]  # some stores begin with the key itself
    if not found and not last:
        sentence = f"The bucket {options.bucket} says that it has more objects, and names none."
        raise StorageError("corrupt", sentence)
    return ListedPage(found, last)


def listed(entry: Any) -> Listed:
    archived = entry.get("StorageClass") in ("GLACIER", "DEEP_ARCHIVE")
    return Listed(
        key=entry["Key"],
        etag=str(entry.get("ETag", "")).strip('"'),
        size=int(entry.get("Size", 0)),
        archived=archived,
    )
