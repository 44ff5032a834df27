"""Objects in a bucket of S3 or of a store that speaks it. The only place that knows boto3."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from labeling.media.diskcache import DiskCache
from labeling.media.errors import StorageError
from labeling.media.storage import CHUNK_BYTES, Progress, Stored, file_sha256

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

_CONNECT_SECONDS = 5
_READ_SECONDS = 30
_ATTEMPTS = 3
_DENIED = {
    "403",
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "AllAccessDisabled",
}
_MISSING = {"404", "NoSuchKey", "NotFound"}


class _PastTheEndError(StorageError):
    """A range begins after the last byte."""


@dataclass(frozen=True)
class S3Options:
    """Which bucket, and how to reach it. Without keys the environment's own credentials are used."""

    bucket: str
    prefix: str = ""
    """Put before every key as it is; end it with a slash to have a folder."""
    endpoint: str | None = None
    """Address of a compatible store; None for Amazon's."""
    region: str | None = None
    path_style: bool = False
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)


class S3Storage:
    """Objects in a bucket, fetched through a capped disk cache. See Storage. Thread-safe."""

    def __init__(self, options: S3Options, *, cache: DiskCache) -> None:
        self._options = options
        self._cache = cache
        self._client = _client(options)

    def put_file(self, path: Path, *, key: str, content_type: str = "application/octet-stream") -> Stored:
        """See Storage. Large files go up in parts."""
        stored = Stored(key, path.stat().st_size, file_sha256(path))
        with path.open("rb") as file, self._told(key):
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
            with self._told(key):
                answer = self._client.get_object(Bucket=self._options.bucket, Key=self._name(key), Range=span)
        except _PastTheEndError:
            yield iter(())
            return
        with closing(answer["Body"]) as body:
            yield self._pieces(key, body.iter_chunks(CHUNK_BYTES))

    @contextmanager
    def local_path(
        self, key: str, *, sha256: str | None = None, progress: Progress | None = None
    ) -> Iterator[Path]:
        """See Storage: fetched into the cache once, whatever the number of threads and processes."""
        head = self._head(key) if sha256 is None else None
        name = self._cache_name(key, sha256=sha256, etag=head["ETag"] if head else "")
        with ExitStack() as stack:
            path = stack.enter_context(self._cache.pinned(name))
            if path is None:
                with self._cache.filling(name):
                    path = stack.enter_context(self._cache.pinned(name))
                    if path is None:
                        self._fetch(key, name, head or self._head(key), sha256=sha256, progress=progress)
                        path = stack.enter_context(self._cache.pinned(name))
            if path is None:
                raise StorageError("full", f"The media cache is too small to keep {key} while it is used.")
            yield path

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
        with self._told(key):
            self._client.delete_object(Bucket=self._options.bucket, Key=self._name(key))

    def url(self, key: str, *, seconds: int) -> str | None:
        """See Storage: a presigned address of the store."""
        with self._told(key):
            return self._client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._options.bucket, "Key": self._name(key)},
                ExpiresIn=seconds,
            )

    def _fetch(
        self,
        key: str,
        name: str,
        head: HeadObjectOutputTypeDef,
        *,
        sha256: str | None,
        progress: Progress | None,
    ) -> None:
        """Download an object into the cache; a torn or changed one leaves nothing there."""
        size, digest, received = head["ContentLength"], hashlib.sha256(), 0
        with self._told(key):
            answer = self._client.get_object(
                Bucket=self._options.bucket, Key=self._name(key), IfMatch=head["ETag"]
            )
        with (
            closing(answer["Body"]) as body,
            self._cache.part(name, size=size) as part,
            part.open("wb") as file,
        ):
            for piece in self._pieces(key, body.iter_chunks(CHUNK_BYTES)):
                received += len(piece)
                if received > size:
                    break
                digest.update(piece)
                file.write(piece)
                if progress is not None:
                    progress(received)
            if received != size or sha256 not in (None, digest.hexdigest()):
                raise StorageError("corrupt", f"The bucket's {key} is not the file that was registered.")

    def _head(self, key: str) -> HeadObjectOutputTypeDef:
        with self._told(key):
            return self._client.head_object(Bucket=self._options.bucket, Key=self._name(key))

    def _name(self, key: str) -> str:
        return self._options.prefix + key

    def _cache_name(self, key: str, *, sha256: str | None, etag: str) -> str:
        place = (self._options.endpoint or "", self._options.bucket, self._name(key), etag)
        name = sha256 or hashlib.sha256("\n".join(place).encode()).hexdigest()
        return f"{name[:2]}/{name}"

    def _pieces(self, key: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        with self._told(key):
            yield from pieces

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Turn the store's errors into sentences."""
        bucket = self._options.bucket
        try:
            yield
        except ClientError as error:
            raise _client_error(error, bucket=bucket, key=key) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise StorageError("denied", f"There are no credentials for the bucket {bucket}.") from error
        except BotoCoreError as error:
            where = self._options.endpoint or "the store"
            raise StorageError("unreachable", f"The bucket {bucket} at {where} cannot be reached.") from error


def _client(options: S3Options) -> S3Client:
    config = Config(
        signature_version="s3v4",
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
        s3={"addressing_style": "path" if options.path_style else "auto"},
        # Compatible stores do not know the newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    # A session of its own: boto3's default session is not safe to share between threads.
    return boto3.session.Session().client(
        "s3",
        endpoint_url=options.endpoint,
        region_name=options.region,
        aws_access_key_id=options.access_key,
        aws_secret_access_key=options.secret_key,
        aws_session_token=options.session_token,
        config=config,
    )


def _client_error(error: ClientError, *, bucket: str, key: str) -> StorageError:
    code = error.response.get("Error", {}).get("Code", "")
    if code == "NoSuchBucket":
        return StorageError("missing", f"There is no bucket {bucket}.")
    if code in _MISSING:
        return StorageError("missing", f"There is no {key} in the bucket {bucket}.")
    if code in ("InvalidRange", "416"):
        return _PastTheEndError("invalid", f"{key} in the bucket {bucket} has no such bytes.")
    if code in _DENIED:
        sentence = f"The bucket {bucket} denies access to {key}: check its credentials and policy."
        return StorageError("denied", sentence)
    if code in ("PreconditionFailed", "412"):
        return StorageError("corrupt", f"{key} in the bucket {bucket} changed while it was read.")
    return StorageError("unreachable", f"The bucket {bucket} failed on {key} ({code}).")
