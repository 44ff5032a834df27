"""Exports: files for other tools, streamed to disk."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx2
import msgspec

from labelyard.connection import EXPORT_TIMEOUT, PIECE_BYTES, Connection, asked, refusal
from labelyard.errors import LabelyardError
from labelyard.retrying import attempted, failed
from labelyard.uploading import Progress


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A file that was written; ``losses`` counts what the format cannot hold (``report`` tells)."""

    path: Path
    bytes: int
    losses: int


class _Report(msgspec.Struct):
    losses: list[str]


class Exports:
    """``client.exports``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def project(
        self, project: int, *, format: str, to: Path | str, progress: Progress | None = None
    ) -> Exported:
        """Write a project to the file ``to``. Formats are those of docs/formats.md."""
        return self._write(f"projects/{project}/export/", format=format, to=Path(to), progress=progress)

    def task(self, task: int, *, format: str, to: Path | str, progress: Progress | None = None) -> Exported:
        """Write one task to the file ``to``."""
        return self._write(f"tasks/{task}/export/", format=format, to=Path(to), progress=progress)

    def report(self, project: int, *, format: str) -> list[str]:
        """Return the sentences on what the format cannot hold of a project."""
        query = {"format": format, "report": True}
        return self._connection.read(_Report, f"projects/{project}/export/", query=query).losses

    def _write(self, path: str, *, format: str, to: Path, progress: Progress | None) -> Exported:
        """Download beside ``to`` and put it in its place when it is whole: half a file is never left."""
        if not to.parent.is_dir():
            raise LabelyardError("no_such_folder", f"There is no folder {to.parent}.")
        return attempted(
            lambda: self._download(path, format=format, to=to, progress=progress),
            times=self._connection.attempts,
        )

    def _download(self, path: str, *, format: str, to: Path, progress: Progress | None) -> Exported:
        connection = self._connection
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
        try:
            query = asked({"format": format})
            with (
                os.fdopen(handle, "wb") as file,
                connection.http.stream("GET", path, params=query, timeout=EXPORT_TIMEOUT) as response,
            ):
                if not response.is_success:
                    response.read()
                    raise refusal(response, repeatable=True)
                total = int(response.headers.get("Content-Length", 0)) or None
                for piece in response.iter_bytes(PIECE_BYTES):
                    file.write(piece)
                    if progress is not None:
                        progress(file.tell(), total)
                size = file.tell()
            Path(name).replace(to)
        except httpx2.TransportError as error:
            raise failed(error, url=connection.url, repeatable=True) from error
        finally:
            Path(name).unlink(missing_ok=True)
        return Exported(path=to, bytes=size, losses=int(response.headers.get("X-Labelyard-Report", 0)))
