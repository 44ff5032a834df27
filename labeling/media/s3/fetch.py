"""Downloading one object: in parallel ranges, checked by size and hash, with an end to every wait."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeling.media.errors import StorageError
from labeling.media.s3.client import S3Options
from labeling.media.s3.errors import told
from labeling.media.storage import Progress, file_sha256

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART_BYTES = 8 << 20
PIECE_BYTES = 1 << 18
THREADS = 4
TRIES = 3
TOLD_SECONDS = 0.2
# Less than this from one connection in so many seconds, and it counts as stalled.
FLOOR_BYTES = 1 << 16
FLOOR_SECONDS = 30.0


@dataclass(frozen=True)
class Wanted:
    """An object as its store told of it; ``sha256`` (hexadecimal) is what its bytes have to be, if known."""

    name: str
    size: int
    etag: str
    sha256: str | None


class Stalled(Exception):
    """A connection that gives next to nothing, or ended early."""


@dataclass
class _Course:
    client: S3Client
    options: S3Options
    wanted: Wanted
    handle: int
    stop: threading.Event
    received: int = 0


def fetch_object(
    client: S3Client, options: S3Options, wanted: Wanted, *, target: Path, progress: Progress | None
) -> None:
    """Write the object's bytes to ``target``.

    Raises StorageError: ``changed`` when another object lies there meanwhile, ``corrupt`` when it is not
    what its store or its hash said, ``unreachable`` when it stops sending. What ``progress`` raises ends it.
    """
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        course = _Course(client, options, wanted, handle, threading.Event())
        _fetch_all(course, progress)
    finally:
        os.close(handle)
    if wanted.sha256 is not None and file_sha256(target) != wanted.sha256:
        raise _torn(course)


def _fetch_all(course: _Course, progress: Progress | None) -> None:
    """Fetch the ranges, a few at a time; the first failure stops the others."""
    spans = list(_spans(course.wanted.size))
    with ThreadPoolExecutor(min(THREADS, len(spans)), thread_name_prefix="fetch") as pool:
        waiting = {pool.submit(_fetch_span, course, first, length) for first, length in spans}
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=TOLD_SECONDS, return_when=FIRST_COMPLETED)
                if progress is not None:
                    progress(course.received)
                _raise_first(done)
        except BaseException:
            course.stop.set()
            for future in waiting:
                future.cancel()
            raise


def _raise_first(done: set[Future[None]]) -> None:
    for future in done:
        future.result()


def _spans(size: int) -> Iterator[tuple[int, int]]:
    """Yield (first byte, length); one empty span for an empty object."""
    yield 0, min(size, PART_BYTES)
    for first in range(PART_BYTES, size, PART_BYTES):
        yield first, min(PART_BYTES, size - first)


def _fetch_span(course: _Course, first: int, length: int) -> None:
    """Fetch one range; a connection that stalls or breaks is tried again from where it was."""
    done = 0
    for attempt in range(1, TRIES + 1):
        try:
            with told(course.options, course.wanted.name):
                for piece in _pieces(course, first + done, length - done):
                    os.pwrite(course.handle, piece, first + done)
                    done += len(piece)
                    course.received += len(piece)
        except (StorageError, Stalled) as error:
            if isinstance(error, StorageError) and error.code != "unreachable":
                raise
            if attempt == TRIES or course.stop.wait(2.0**attempt / 2):
                raise _stopped(course, first + done) from error
        if done == length or course.stop.is_set():
            return


def _pieces(course: _Course, first: int, length: int) -> Iterator[bytes]:
    """Yield the bytes of a range as they come. Raises Stalled when they do not."""
    wanted = course.wanted
    asked: dict[str, Any] = {"Bucket": course.options.bucket, "Key": wanted.name, "IfMatch": wanted.etag}
    if length < wanted.size:
        asked["Range"] = f"bytes={first}-{first + length - 1}"
    answer = course.client.get_object(**asked)
    with closing(answer["Body"]) as body:
        if answer["ContentLength"] != length:
            raise _torn(course)
        # Gives what has come; ``read`` would wait until a piece is full, however slowly it fills.
        read = body._raw_stream.read1  # type: ignore[attr-defined]
        since, got = time.monotonic(), 0
        while length > 0 and not course.stop.is_set():
            piece = read(min(PIECE_BYTES, length))
            if not piece:
                raise Stalled
            length -= len(piece)
            got += len(piece)
            if time.monotonic() - since > FLOOR_SECONDS:
                if got < FLOOR_BYTES:
                    raise Stalled
                since, got = time.monotonic(), 0
            yield piece


def _torn(course: _Course) -> StorageError:
    name, bucket = course.wanted.name, course.options.bucket
    return StorageError("corrupt", f"{name} in the bucket {bucket} is not the file that was registered.")


def _stopped(course: _Course, place: int) -> StorageError:
    name, bucket = course.wanted.name, course.options.bucket
    sentence = f"The bucket {bucket} stopped sending {name} after {place:,} bytes, {TRIES} times."
    return StorageError("unreachable", sentence)
