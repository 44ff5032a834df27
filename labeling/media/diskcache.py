"""A folder of files that never holds more bytes than its cap, shared by several processes."""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from labeling.media.errors import StorageError

_COUNT_NAME = ".bytes"
_PART_PREFIX = ".part-"
_LOCK_PREFIX = ".lock-"
_LOCKS = 64
_KEPT_SHARE = 0.8


class DiskCache:
    """Files by relative name, the least recently used ones evicted first.

    The sum of all bytes, and of those about to be written, stands in a file beside them. It is
    changed under a lock before a file appears, so the cap holds over all processes. What a
    process that died left behind is found by its lost lock and counted out at the next eviction.
    Files appear whole, by renaming.

    A file that was just returned may be evicted before it is opened when the cap is very small:
    open it at once, or hold it with ``pinned``.
    """

    def __init__(self, root: Path, *, max_bytes: int) -> None:
        self.root = root
        self.max_bytes = max_bytes
        self.root.mkdir(parents=True, exist_ok=True)

    def get(self, name: str) -> Path | None:
        """Return the file of that name and mark it as used; None where there is none."""
        path = self.root / name
        try:
            os.utime(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return path

    @contextmanager
    def pinned(self, name: str) -> Iterator[Path | None]:
        """Give the file of that name, not to be evicted inside the block; None where there is none."""
        path = self.get(name)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC) if path is not None else -1
        except FileNotFoundError:
            handle = -1
        if handle < 0:
            yield None
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            # Between opening and locking it may have been evicted.
            yield path if os.fstat(handle).st_nlink else None
        finally:
            os.close(handle)

    def put(self, name: str, data: bytes) -> Path:
        """Write a file, evicting others for it. Raises StorageError when the disk is full."""
        with self.part(name, size=len(data)) as part:
            part.write_bytes(data)
        return self.root / name

    @contextmanager
    def part(self, name: str, *, size: int) -> Iterator[Path]:
        """Make room for ``size`` bytes and give a path to write just as many to; then it is renamed.

        Raises StorageError (``full``) when the disk is full, or the cap cannot be kept.
        """
        with _told_full():
            part, handle = self._reserve(size)
        path = self.root / name
        try:
            with _told_full():
                yield part
                self._publish(part, path)
        finally:
            if part.exists():  # not renamed: it failed
                self._give_up(part, size)
            os.close(handle)

    @contextmanager
    def filling(self, name: str) -> Iterator[None]:
        """Let only one process and thread at a time fetch the file of that name."""
        lock = self.root / f"{_LOCK_PREFIX}{crc32(name.encode()) % _LOCKS}"
        with _locked_file(lock):
            yield

    def remove(self, name: str) -> None:
        """Remove a file, or a folder of files, as far as it is there."""
        with self._counted() as count:
            for file in _files(self.root / name):
                file.path.unlink(missing_ok=True)
                count.set(count.value - file.size)

    def used_bytes(self) -> int:
        """Return the bytes of all files, and of those being written, as counted."""
        with self._counted() as count:
            return count.value

    def _reserve(self, size: int) -> tuple[Path, int]:
        """Count ``size`` bytes in, evict what has to go, and return a locked empty file to write to."""
        with self._counted() as count:
            if count.value + size > self.max_bytes:
                count.set(self._evict(room=self.max_bytes * _KEPT_SHARE - size))
            if count.value + size > self.max_bytes:
                sentence = f"{size:,} bytes do not fit the cache of {self.max_bytes:,} bytes: it is in use."
                raise StorageError("full", sentence)
            handle, name = tempfile.mkstemp(prefix=f"{_PART_PREFIX}{size}-", dir=self.root)
            fcntl.flock(handle, fcntl.LOCK_SH)
            count.set(count.value + size)
        return Path(name), handle

    def _publish(self, part: Path, path: Path) -> None:
        """Rename, and count out what a file of the same name took."""
        with self._counted() as count:
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                count.set(count.value - path.stat().st_size)
            part.replace(path)

    def _give_up(self, part: Path, size: int) -> None:
        with self._counted() as count:
            part.unlink(missing_ok=True)
            count.set(count.value - size)

    def _evict(self, *, room: float) -> int:
        """Remove files, least recently used first, down to ``room`` bytes; return what is left."""
        files = sorted(_files(self.root), key=lambda file: file.used)
        total = sum(file.size for file in files) + self._bytes_being_written()
        for file in files:
            if total <= room:
                break
            if _unlink_unused(file.path):
                total -= file.size
        return total

    def _bytes_being_written(self) -> int:
        """Sum up the reservations of living writers, and remove what dead ones left."""
        total = 0
        for part in self.root.glob(f"{_PART_PREFIX}*"):
            if not _unlink_unused(part):
                total += int(part.name.removeprefix(_PART_PREFIX).partition("-")[0])
        return total

    @contextmanager
    def _counted(self) -> Iterator[_Count]:
        with _locked_file(self.root / _COUNT_NAME) as handle:
            yield _Count(handle)


class _Count:
    """A number in an open file."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        text = os.pread(handle, 32, 0).strip()
        self.value = int(text) if text.isdigit() else 0

    def set(self, value: int) -> None:
        self.value = max(0, value)
        os.pwrite(self._handle, f"{self.value:<31d}".encode(), 0)


@dataclass(frozen=True)
class _File:
    path: Path
    size: int
    used: float


@contextmanager
def _locked_file(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _told_full() -> Iterator[None]:
    """Turn a disk that is full into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise StorageError("full", f"The disk of the cache is full: {error.strerror}.") from error


def _unlink_unused(path: Path) -> bool:
    """Remove a file that nobody holds locked. Returns whether it is gone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _files(root: Path) -> Iterator[_File]:
    """Yield every cached file at or below ``root``."""
    if root.is_file():
        found = root.stat()
        yield _File(root, found.st_size, found.st_mtime)
        return
    for folder, _, names in os.walk(root):
        for name in names:
            if name.startswith("."):
                continue
            path = Path(folder) / name
            with suppress(FileNotFoundError):
                found = path.stat()
                yield _File(path, found.st_size, found.st_mtime)
