"""Files on their way: read piece by piece while they are sent, and counted."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, cast

import httpx2

from labelyard.connection import Connection
from labelyard.errors import LabelyardError
from labelyard.retrying import attempted

# Sending may have to wait for a slow line, the answer for a series of thousands of files.
TIMEOUT = httpx2.Timeout(300.0, connect=10.0)

Progress = Callable[[int, int | None], object]
"""Called with the bytes so far, and all there are where that is known."""


class Sent:
    """What was sent of one upload, over all its files."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total = total
        self.count = 0
        self.progress = progress

    def add(self, count: int) -> None:
        self.count += count
        if self.progress is not None:
            self.progress(min(self.count, self.total), self.total)


class SentFile(io.RawIOBase):
    """A file that is opened when it is read first, and closed at its end: a series may have thousands."""

    def __init__(self, path: Path, sent: Sent) -> None:
        super().__init__()
        self.path = path
        self.sent = sent
        self.size = path.stat().st_size
        self.place = 0
        self.file: IO[bytes] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.drop()
        self.place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        return self.place

    def read(self, size: int = -1) -> bytes:
        if self.file is None:
            self.file = self.path.open("rb")
            self.file.seek(self.place)
        piece = self.file.read(size)
        self.place += len(piece)
        if piece:
            self.sent.add(len(piece))
        if not piece or self.place >= self.size:
            self.drop()
        return piece

    def drop(self) -> None:
        """Close the file underneath."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def close(self) -> None:
        self.drop()
        super().close()


def upload(
    connection: Connection,
    path: str,
    *,
    files: Sequence[Path],
    fields: dict[str, str],
    progress: Progress | None,
) -> bytes:
    """Send files as a form, in bounded memory; return the answer.

    An upload that breaks begins again: the server knows bytes that it has, and takes them once.
    Raises ``LabelyardError``; ``no_such_file`` for what is not there.
    """
    for file in files:
        if not file.is_file():
            raise LabelyardError("no_such_file", f"There is no file {file}.")
    total = sum(file.stat().st_size for file in files)

    def attempt() -> bytes:
        sent = Sent(total, progress)
        parts = [
            ("file", (file.name, cast(IO[bytes], SentFile(file, sent)), "application/octet-stream"))
            for file in files
        ]
        request = connection.http.build_request("POST", path, data=fields, files=parts, timeout=TIMEOUT)
        try:
            return connection.answer(request, repeatable=True).content
        except OSError as error:
            raise LabelyardError(
                "unreadable_file", f"Reading {error.filename} failed: {error.strerror}."
            ) from error
        finally:
            for _, (_, part, _) in parts:
                part.close()

    return attempted(attempt, times=connection.attempts)
