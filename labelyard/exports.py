"""Exports: files for other tools, streamed to disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx2
import msgspec

from labelyard.connection import EXPORT_TIMEOUT, PIECE_BYTES, Connection, asked, given, refusal
from labelyard.errors import LabelyardError
from labelyard.retrying import attempted, failed
from labelyard.uploading import Progress
from labelyard.waiting import awaited

WAIT_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A file that was written; ``losses`` counts what the format cannot hold (``report`` tells)."""

    path: Path
    bytes: int
    losses: int


@dataclass(frozen=True, kw_only=True)
class BucketExport:
    """A file that a worker writes into a bucket; ``losses`` are sentences on what the format cannot hold."""

    id: int
    project: int
    task: int | None
    connection: int
    format: str
    key: str
    state: str
    size_bytes: int | None
    sha256: str
    losses: list[str]
    error_code: str
    error: str
    created_at: datetime
    finished_at: datetime | None


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

    def to_bucket(
        self, project: int, *, connection: int, format: str, task: int | None = None
    ) -> BucketExport:
        """Have a worker write a project, or one task of it, into a connection's bucket; ``wait`` for it."""
        body = {"connection": connection, "format": format, **given(task=task)}
        return self._connection.post(BucketExport, f"projects/{project}/exports/", body)

    def list(self, project: int) -> Iterator[BucketExport]:
        """Yield the exports of a project into buckets, newest first."""
        return self._connection.pages(BucketExport, f"projects/{project}/exports/")

    def get(self, export: int) -> BucketExport:
        """Return one export into a bucket."""
        return self._connection.read(BucketExport, f"exports/{export}/")

    def wait(self, export: int | BucketExport, *, timeout: float = WAIT_SECONDS) -> BucketExport:
        """Return the export once it is written. Raises its own error when it failed; ``wait_timeout``."""
        number = export.id if isinstance(export, BucketExport) else export
        found = awaited(
            lambda: self.get(number),
            ended=lambda one: one.state in ("succeeded", "failed"),
            seconds=timeout,
            progress=None,
            what=f"Export {number}",
        )
        if found.state == "failed":
            raise LabelyardError(found.error_code or "export_failed", found.error or "The export failed.")
        return found

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
