"""A bucket as a store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from boto3.s3.transfer import TransferConfig

from labeling.media.diskcache import DiskCache
from labeling.media.errors import StorageError
from labeling.media.s3.client import S3Options, s3_client
from labeling.media.s3.errors import PastTheEndError, told
from labeling.media.s3.fetch import Wanted, fetch_object
from labeling.media.s3.listing import PAGE_KEYS, ListedPage, page_list
from labeling.media.s3.series import Series, series_fetch
from labeling.media.storage import CHUNK_BYTES, Progress, Stored, file_sha256

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef


class S3Storage:
    """Objects in a bucket, fetched through a capped disk cache. See Storage. Thread-safe."""

    def __init__(self, options: S3Options, *, cache: DiskCache) -> None:
        self._options = options
        self._cache = cache
        self._client = s3_client(options)

    def put_file(self, path: Path, *, key: str, content_type: str = "application/octet-stream") -> Stored:
        """See Storage. Large files go up in parts."""
        stored = Stored(key, path.stat().st_size, file_sha256(path))
        with path.open("rb") as file, told(self._options, key):
            self._client.upload_fileobj(
                file,
                self._options.bucket,
                self._name(key),
                ExtraArgs={"ContentType": content_type},
                Config=TransferConfig(max_concurrency=4),
            )
        return stored

    @contextmanager
    def open_range(self, key: str, *, start: int, length: int) -> Iterator[Iterator[bytes]]:
        """See Storage."""
        if length <= 0:
            yield iter(())
            return
        span = f"bytes={start}-{start + length - 1}"
        try:
            with told(self._options, key):
                answer = self._client.get_object(Bucket=self._options.bucket, Key=self._name(key), Range=span)
        except PastTheEndError:
            yield iter(())
            return
        with closing(answer["Body"]) as body:
            yield self._pieces(key, body.iter_chunks(CHUNK_BYTES))

    @contextmanager
    def local_path(
        self,
        key: str,
        *,
        sha256: str | None = None,
        progress: Progress | None = None,
        etag: str | None = None,
    ) -> Iterator[Path]:
        """See Storage: fetched into the cache once, whatever the number of threads and processes.

        With ``etag`` it is that object or none: StorageError ``changed`` where another one lies there now.
        """
        head = self._head(key) if sha256 is None and etag is None else None
        name = self._cache_name(key, sha256=sha256, etag=etag or (head["ETag"] if head else None))

        def fetch() -> None:
            found = self._wanted(key, head or self._head(key), sha256=sha256, etag=etag)
            self._fetch(name, found, progress=progress)

        with self._cached(name, key, fetch) as path:
            yield path

    @contextmanager
    def series_path(
        self, series: Series, *, sha256: str | None = None, progress: Progress | None = None
    ) -> Iterator[Path]:
        """Give an archive of the pictures of a series, as ``local_path`` gives an object.

        Raises StorageError: ``changed`` where one of them is another object now.
        """
        name = self._cache_name(series.key, sha256=None, etag=f"{series.kind} {series.etag}")

        def fetch() -> None:
            with self._cache.part(name, size=series.archive_bytes) as part:
                series_fetch(self._client, self._options, series, target=part, progress=progress)
                if sha256 is not None and file_sha256(part) != sha256:
                    sentence = f"The pictures in {series.key} are not those that were registered."
                    raise StorageError("corrupt", sentence)

        with self._cached(name, series.key, fetch) as path:
            yield path

    @contextmanager
    def _cached(self, name: str, key: str, fetch: Callable[[], None]) -> Iterator[Path]:
        """Give the file of that name in the cache; ``fetch`` puts it there, once for all processes."""
        with ExitStack() as stack:
            path = stack.enter_context(self._cache.pinned(name))
            if path is None:
                with self._cache.filling(name):
                    path = stack.enter_context(self._cache.pinned(name))
                    if path is None:
                        fetch()
                        path = stack.enter_context(self._cache.pinned(name))
            if path is None:
                raise StorageError("full", f"The media cache is too small to keep {key} while it is used.")
            yield path

    def page(self, *, prefix: str, after: str, most: int = PAGE_KEYS) -> ListedPage:
        """Return the objects below ``prefix`` after the key ``after``: see ``page_list``."""
        return page_list(self._client, self._options, prefix=self._name(prefix), after=after, most=most)

    def size(self, key: str) -> int:
        """See Storage."""
        return self._head(key)["ContentLength"]

    def exists(self, key: str) -> bool:
        """See Storage."""
        try:
            self._head(key)
        except StorageError as error:
            if error.code == "missing":
                return False
            raise
        return True

    def delete(self, key: str) -> None:
        """See Storage."""
        with told(self._options, key):
            self._client.delete_object(Bucket=self._options.bucket, Key=self._name(key))

    def url(self, key: str, *, seconds: int) -> str | None:
        """See Storage: a presigned address of the store."""
        with told(self._options, key):
            return self._client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._options.bucket, "Key": self._name(key)},
                ExpiresIn=seconds,
            )

    def _wanted(
        self, key: str, head: HeadObjectOutputTypeDef, *, sha256: str | None, etag: str | None
    ) -> Wanted:
        if etag is not None and head["ETag"].strip('"') != etag.strip('"'):
            bucket = self._options.bucket
            sentence = f"{key} in the bucket {bucket} is not the object that was registered."
            raise StorageError("changed", sentence)
        return Wanted(self._name(key), size=head["ContentLength"], etag=head["ETag"], sha256=sha256)

    def _fetch(self, name: str, wanted: Wanted, *, progress: Progress | None) -> None:
        """Download an object into the cache; a torn or changed one leaves nothing there."""
        with self._cache.part(name, size=wanted.size) as part:
            fetch_object(self._client, self._options, wanted, target=part, progress=progress)

    def _head(self, key: str) -> HeadObjectOutputTypeDef:
        with told(self._options, key):
            return self._client.head_object(Bucket=self._options.bucket, Key=self._name(key))

    def _name(self, key: str) -> str:
        return self._options.prefix + key

    def _cache_name(self, key: str, *, sha256: str | None, etag: str | None) -> str:
        """By the hash of the bytes where that is all that is known, else by the place and its ETag."""
        if etag is None and sha256 is not None:
            return f"{sha256[:2]}/{sha256}"
        options = self._options
        place = (
            options.owner,
            options.endpoint or "",
            options.bucket,
            self._name(key),
            (etag or "").strip('"'),
        )
        name = hashlib.sha256("\n".join(place).encode()).hexdigest()
        return f"{name[:2]}/{name}"

    def _pieces(self, key: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        with told(self._options, key):
            yield from pieces
