"""Files that go straight into the bucket: in parts, each to an address that is signed for it alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import quote, urlsplit

from labeling.media.errors import StorageError
from labeling.media.s3.client import S3Options, s3_client
from labeling.media.s3.errors import told

ORIGIN_SECONDS = 60


@dataclass(frozen=True)
class PartThere:
    """A part that lies in the bucket, of an upload that is not finished."""

    number: int
    size: int
    etag: str


@dataclass(frozen=True)
class Landed:
    """An object that an upload became; ``etag`` is without quotes."""

    size: int
    etag: str


class DirectStore:
    """Uploads in parts below the prefix of a bucket. Keys are without it. All raise StorageError:
    ``over`` for an upload that the store does not know (any more).

    ``public`` is the endpoint as browsers and clients reach it, where it differs from the server's.
    """

    def __init__(self, options: S3Options, *, public: str | None = None) -> None:
        self._options = options
        self._client = s3_client(options)
        self._signer = s3_client(replace(options, endpoint=public)) if public else self._client

    def begin(self, key: str) -> str:
        """Return the id of a new upload."""
        with self._told(key):
            answer = self._client.create_multipart_upload(
                Bucket=self._options.bucket, Key=self._name(key), ContentType="application/octet-stream"
            )
        return answer["UploadId"]

    def part_url(self, key: str, upload: str, *, number: int, size: int, seconds: int) -> str:
        """Return the address that takes part ``number`` (from 1) by PUT for ``seconds``: this part of this
        upload, of exactly ``size`` bytes."""
        with self._told(key):
            return self._signer.generate_presigned_url(
                "upload_part",
                Params={
                    "Bucket": self._options.bucket,
                    "Key": self._name(key),
                    "UploadId": upload,
                    "PartNumber": number,
                    "ContentLength": size,
                },
                ExpiresIn=seconds,
            )

    def parts(self, key: str, upload: str) -> list[PartThere]:
        """Return the parts that are there, by number."""
        with self._told(key):
            return sorted(self._listed(key, upload), key=lambda part: part.number)

    def _listed(self, key: str, upload: str) -> Iterator[PartThere]:
        pages = self._client.get_paginator("list_parts").paginate(
            Bucket=self._options.bucket, Key=self._name(key), UploadId=upload
        )
        for page in pages:
            for part in page.get("Parts", []):
                yield PartThere(part["PartNumber"], part["Size"], part["ETag"])

    def finish(self, key: str, upload: str, parts: Sequence[PartThere]) -> None:
        """Make one object of the parts; ``changed`` where one of them is not what it was."""
        with self._told(key):
            self._client.complete_multipart_upload(
                Bucket=self._options.bucket,
                Key=self._name(key),
                UploadId=upload,
                MultipartUpload={"Parts": [{"PartNumber": one.number, "ETag": one.etag} for one in parts]},
            )

    def landed(self, key: str) -> Landed:
        """Return what lies under the key."""
        with self._told(key):
            head = self._client.head_object(Bucket=self._options.bucket, Key=self._name(key))
        return Landed(head["ContentLength"], head["ETag"].strip('"'))

    def drop(self, key: str, upload: str) -> None:
        """Remove the parts that are there, and the object if it had come to that."""
        try:
            with self._told(key):
                self._client.abort_multipart_upload(
                    Bucket=self._options.bucket, Key=self._name(key), UploadId=upload
                )
        except StorageError as error:
            if error.code != "over":
                raise
        with self._told(key):
            self._client.delete_object(Bucket=self._options.bucket, Key=self._name(key))

    @cached_property
    def source(self) -> str:
        """The bucket as a source of a content security policy: its host, and where the host serves other
        buckets too, its path."""
        address = urlsplit(self.part_url("x", "x", number=1, size=1, seconds=ORIGIN_SECONDS))
        bucket = f"/{quote(self._options.bucket)}/"
        path = bucket if address.path.startswith(bucket) else ""
        return f"{address.scheme}://{address.netloc}{path}"

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        with told(self._options, key):
            yield

    def _name(self, key: str) -> str:
        return self._options.prefix + key
