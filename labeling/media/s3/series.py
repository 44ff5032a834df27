"""Pictures that lie in a bucket one by one, as the one archive that readers of a series take.

The same objects give the same archive, byte by byte, so that its hash tells whether they still are.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from labeling.media.bundle import comment_of, piece_write
from labeling.media.errors import StorageError
from labeling.media.s3.client import S3Options
from labeling.media.s3.errors import told
from labeling.media.storage import CHUNK_BYTES, Progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AT_ONCE = 4
# Larger pictures wait on the disk, not in memory.
MEMORY_BYTES = 8 << 20
# What an archive without compression adds: for each name (with the name twice), and at its end.
EACH_BYTES, END_BYTES = 30 + 46, 22


@dataclass(frozen=True)
class Member:
    """One picture: its ``name`` in the series, the object that it is."""

    name: str
    key: str
    etag: str
    size: int


@dataclass(frozen=True)
class Series:
    """Pictures in their order. ``key`` and ``etag`` name them all together; ``kind`` is a kind of media."""

    key: str
    etag: str
    kind: str
    members: Sequence[Member]

    @property
    def archive_bytes(self) -> int:
        """Return the bytes of the archive; of one beyond 4 GiB some more are needed."""
        names = sum(2 * len(member.name.encode()) for member in self.members)
        return (
            sum(member.size + EACH_BYTES for member in self.members)
            + names
            + END_BYTES
            + len(comment_of(self.kind))
        )


def series_fetch(
    client: S3Client, options: S3Options, series: Series, *, target: Path, progress: Progress | None
) -> None:
    """Write the archive to ``target``, fetching a few pictures at a time.

    Raises StorageError: ``changed`` when another object lies under a key, ``missing``, ``corrupt``.
    """
    done = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = comment_of(series.kind)
        for member, file in fetched(client, options, series.members):
            with file:
                piece_write(archive, file, name=member.name, size=member.size)
            done += member.size
            if progress is not None:
                progress(done)


def fetched(
    client: S3Client, options: S3Options, members: Sequence[Member]
) -> Iterator[tuple[Member, IO[bytes]]]:
    """Yield the pictures in their order, while the next ones are on their way."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="series") as pool:
        coming: deque[tuple[Member, Future[IO[bytes]]]] = deque()
        left = iter(members)
        try:
            while True:
                for member in islice(left, AT_ONCE - len(coming)):
                    coming.append((member, pool.submit(fetch_one, client, options, member)))
                if not coming:
                    return
                member, future = coming.popleft()
                yield member, future.result()
        finally:
            for _, future in coming:
                future.cancel()


def fetch_one(client: S3Client, options: S3Options, member: Member) -> IO[bytes]:
    """Return a file with the object's bytes, at its beginning."""
    name = options.prefix + member.key
    file = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115  (the caller's to close)
    try:
        with told(options, member.key):
            answer = client.get_object(Bucket=options.bucket, Key=name, IfMatch=f'"{member.etag}"')
            with closing(answer["Body"]) as body:
                for piece in body.iter_chunks(CHUNK_BYTES):
                    file.write(piece)
        if file.tell() != member.size:
            sentence = f"{member.key} in the bucket {options.bucket} is not the picture that was registered."
            raise StorageError("corrupt", sentence)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file
