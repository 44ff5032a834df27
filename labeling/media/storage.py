"""Where media bytes lie: a local folder or a bucket, behind one protocol."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from labeling.media.errors import StorageError

if TYPE_CHECKING:
    pass

Progress = Callable[[int], None]
"""Called with the bytes fetched so far. What it raises ends the transfer and comes out of it."""

CHUNK_BYTES = 1 << 20
_LONGEST_KEY = 1024


@dataclass(frozen=True)
class Stored:
    """What was put: ``sha256`` is in hexadecimal."""

    key: str
    size: int
    sha256: str


class Storage(Protocol):
    """Objects by key. All methods raise StorageError with a sentence for people."""

    def put_file(self, path: Path, *, key: str, content_type: str = "application/octet-stream") -> Stored:
        """Store the file's bytes under ``key``, replacing what is there; whole or not at all."""
        ...

    def open_range(self, key: str, *, start: int, length: int) -> AbstractContextManager[Iterator[bytes]]:
        """Give the ``length`` bytes from ``start`` (from 0) in pieces; fewer where the object ends."""
        ...

    def local_path(
        self,
        key: str,
        *,
        sha256: str | None = None,
        progress: Progress | None = None,
        etag: str | None = None,
    ) -> AbstractContextManager[Path]:
        """Give a local file with the object's bytes, which stays inside the block. Do not write to it.

        ``sha256`` (hexadecimal) is checked where the bytes are fetched. With ``etag`` it is that object of a
        bucket or none: StorageError ``changed`` where another one lies there now.
        """
        ...

    def size(self, key: str) -> int:
        """Return the object's bytes."""
        ...

    def exists(self, key: str) -> bool:
        """Say whether there is an object."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object; nothing happens where there is none."""
        ...

    def url(self, key: str, *, seconds: int) -> str | None:
        """Return an address that serves the object for ``seconds``; None where the store serves nobody."""
        ...


class LocalStorage:
    """Objects as files below one folder. See Storage."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def put_file(self, path: Path, *, key: str, content_type: str = "application/octet-stream") -> Stored:
        """See Storage; the content type is not kept."""
        target = self._path(key)
        with _told(key):
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, part_name = tempfile.mkstemp(prefix=".part-", dir=target.parent)
            part = Path(part_name)
            try:
                with path.open("rb") as source, os.fdopen(handle, "wb") as copy:
                    shutil.copyfileobj(source, copy, CHUNK_BYTES)
                    copy.flush()
                    os.fsync(copy.fileno())
                stored = Stored(key, part.stat().st_size, file_sha256(part))
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        return stored

    @contextmanager
    def open_range(self, key: str, *, start: int, length: int) -> Iterator[Iterator[bytes]]:
        """See Storage."""
        with _told(key):
            file = self._path(key).open("rb")
        with file:
            file.seek(start)
            yield _pieces(file, length)

    @contextmanager
    def local_path(
        self,
        key: str,
        *,
        sha256: str | None = None,
        progress: Progress | None = None,
        etag: str | None = None,
    ) -> Iterator[Path]:
        """See Storage: it is the stored file itself, which nobody changes."""
        path = self._path(key)
        if not path.is_file():
            raise _missing(key)
        yield path

    def size(self, key: str) -> int:
        """See Storage."""
        with _told(key):
            return self._path(key).stat().st_size

    def exists(self, key: str) -> bool:
        """See Storage."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """See Storage."""
        with _told(key):
            self._path(key).unlink(missing_ok=True)

    def url(self, key: str, *, seconds: int) -> str | None:
        """See Storage: a folder serves nobody."""
        self._path(key)
        return None

    def _path(self, key: str) -> Path:
        """Return the file of ``key``. Raises StorageError (``invalid``) for a key that leaves the folder."""
        parts = key.split("/")
        bad = (
            len(key) > _LONGEST_KEY or not key.isprintable() or any(part in ("", ".", "..") for part in parts)
        )
        if bad or any(part.startswith(".part-") for part in parts):
            raise StorageError("invalid", f"{key!r} cannot be the name of a stored file.")
        return self.root.joinpath(*parts)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pieces(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := file.read(min(CHUNK_BYTES, length))):
        length -= len(piece)
        yield piece


def _missing(key: str) -> StorageError:
    return StorageError("missing", f"There is no stored file {key}.")


@contextmanager
def _told(key: str) -> Iterator[None]:
    """Turn errors of the file system into sentences."""
    try:
        yield
    except FileNotFoundError as error:
        raise _missing(key) from error
    except PermissionError as error:
        raise StorageError(
            "denied", f"The media folder denies {key}: check the rights of the folder."
        ) from error
    except OSError as error:
        raise StorageError("full", f"The media folder failed on {key}: {error.strerror or error}.") from error
