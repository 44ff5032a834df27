"""Files of checkpoints on this host: are they what was published, and how they are had."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO, cast

from labeling.errors import LabelyardError, refused
from workers.backends.sam2.checkpoints import Checkpoint

BLOCK = 1024 * 1024
SILENCE_SECONDS = 60.0
PARTIAL = 206
ZIP = b"PK\x03\x04"

Progress = Callable[[int, int], None]
"""Called with the bytes that are there, and all that there will be."""


def checkpoint_verify(path: Path, checkpoint: Checkpoint) -> None:
    """Raises ``checkpoint_truncated`` or ``checkpoint_wrong`` (422) when it is not the published file."""
    size = path.stat().st_size
    if size != checkpoint.size_bytes:
        raise refused(
            "checkpoint_truncated",
            f"{path} has {size} bytes, and {checkpoint.name} has {checkpoint.size_bytes}.",
        )
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != checkpoint.sha256:
        raise refused(
            "checkpoint_wrong",
            f"{path} is not {checkpoint.name}: its sha256 is {found} instead of {checkpoint.sha256}.",
        )


def checkpoint_fetch(
    checkpoint: Checkpoint, *, folder: Path, url: str = "", progress: Progress = lambda done, total: None
) -> Path:
    """Fetch a checkpoint into ``folder`` and return its path; one that is there and whole stays.

    The publisher's address is asked, or ``url``. A fetch that was interrupted goes on where it stopped.
    The file appears under its name only once its sha256 is right; nothing else is left when it is wrong.
    Raises ``checkpoint_unreachable`` (502), ``checkpoint_truncated`` or ``checkpoint_wrong`` (422).
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / checkpoint.file_name
    if path.exists():
        checkpoint_verify(path, checkpoint)
        return path
    part = path.with_name(f"{path.name}.part")
    with _reachable(url or checkpoint.url):
        _fill(part, checkpoint, url=url or checkpoint.url, progress=progress)
    try:
        checkpoint_verify(part, checkpoint)
    except LabelyardError as error:
        # What is short may go on another time; what is whole and wrong never becomes right.
        if error.code == "checkpoint_wrong" or part.stat().st_size > checkpoint.size_bytes:
            part.unlink()
        raise
    part.replace(path)
    return path


def _fill(part: Path, checkpoint: Checkpoint, *, url: str, progress: Progress) -> None:
    """Append to ``part`` what it lacks, or begin it anew where the server cannot go on."""
    there = part.stat().st_size if part.exists() else 0
    if there >= checkpoint.size_bytes:
        return
    request = urllib.request.Request(url, headers={"Range": f"bytes={there}-"} if there else {})  # noqa: S310
    with cast("HTTPResponse", urllib.request.urlopen(request, timeout=SILENCE_SECONDS)) as answer:  # noqa: S310
        going_on = there > 0 and answer.status == PARTIAL
        with part.open("ab" if going_on else "wb") as file:
            done = there if going_on else 0
            for block in _blocks(answer, first=done == 0, url=url):
                done += file.write(block)
                if done > checkpoint.size_bytes:
                    break
                progress(done, checkpoint.size_bytes)
            _to_disk(file)


def _blocks(answer: HTTPResponse, *, first: bool, url: str) -> Iterator[bytes]:
    """Yield the answer's body. Raises ``checkpoint_wrong`` at once for a page instead of a file."""
    while block := answer.read(BLOCK):
        if first and not block.startswith(ZIP):
            kind = answer.headers.get_content_type()
            raise refused("checkpoint_wrong", f"{url} answered with something else than weights ({kind}).")
        first = False
        yield block


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _reachable(url: str) -> Iterator[None]:
    """While fetching: what the network does wrong becomes a sentence."""
    try:
        yield
    except (OSError, HTTPException, urllib.error.URLError, ValueError) as error:
        reason = getattr(error, "reason", "") or str(error) or type(error).__name__
        raise LabelyardError(
            "checkpoint_unreachable",
            f"{url} could not be fetched: {reason}. Trying again goes on from what came so far.",
            status=502,
        ) from error
