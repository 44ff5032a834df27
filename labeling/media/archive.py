"""Reading ZIP archives that strangers made, without unpacking them.

Only what the format says is read (PKWARE APPNOTE 6.3): the directory at the end, within bounds, and
one entry at a time. Nothing is ever written, so a path inside an archive leads nowhere.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from labeling.media.errors import MediaRefused
from labeling.media.names import leaves_archive

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STORED, DEFLATED = 0, 8
_END = struct.Struct("<4s4H2LH")
_END64_PLACE = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED, _UTF8 = 0x1, 0x800
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ZIP64_FIELD = 1
_BROKEN = "The archive is broken or cut short: {}. Make it anew and upload it again."


@dataclass(frozen=True)
class Entry:
    """One file in an archive. ``offset`` is where its bytes start, ``packed`` how many there are,
    ``size`` how many they unpack to."""

    name: str
    offset: int
    packed: int
    size: int
    method: int = STORED
    crc: int | None = None


def broken(reason: str) -> MediaRefused:
    """An archive that cannot be read; ``reason`` completes the sentence."""
    return MediaRefused("bad_archive", _BROKEN.format(reason))


def read_directory(file: BinaryIO, *, max_entries: int, max_bytes: int) -> list[Entry]:
    """Return the files of the archive, in its order; folders are left out.

    ``max_bytes`` bounds what all of them unpack to. Raises MediaRefused: ``bad_archive``,
    ``too_many_files``, ``too_large``.
    """
    total = file.seek(0, io.SEEK_END)
    start, size, count = _directory_place(file, total)
    if count > max_entries or size > max_entries * (_ENTRY.size + _FULL16):
        raise _too_many(count, max_entries)
    file.seek(start)
    listed = _entries(file.read(size), max_entries)
    entries = [_located(file, entry) for entry in listed if not entry.name.endswith("/")]
    unpacked = sum(entry.size for entry in entries)
    if unpacked > max_bytes:
        sentence = f"The archive unpacks to {unpacked:,} bytes; at most {max_bytes:,} are allowed."
        raise MediaRefused("too_large", sentence)
    _check_places(entries, end=start)
    return entries


def _too_many(count: int, most: int) -> MediaRefused:
    sentence = f"The archive holds {count:,} files; at most {most:,} are one media. Divide it."
    return MediaRefused("too_many_files", sentence)


def _directory_place(file: BinaryIO, total: int) -> tuple[int, int, int]:
    """Return start and size of the directory in bytes, and how many entries it claims."""
    tail_start = max(0, total - _END.size - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + _END.size:
        raise broken("its directory is missing")
    _, disk, _, _, count, size, start, _ = _END.unpack_from(tail, place)
    if disk not in (0, _FULL16):
        raise broken("it is one of several parts")
    if _FULL16 in (count,) or _FULL32 in (size, start):
        start, size, count = _place64(file, tail_start + place)
    if start + size > total:
        raise broken("its directory lies outside it")
    return start, size, count


def _place64(file: BinaryIO, end: int) -> tuple[int, int, int]:
    if end < _END64_PLACE.size:
        raise broken("its directory is missing")
    file.seek(end - _END64_PLACE.size)
    magic, _, place, _ = _END64_PLACE.unpack(file.read(_END64_PLACE.size))
    if magic != b"PK\x06\x07":
        # Exactly 65,535 entries need no second directory end.
        file.seek(end)
        _, _, _, _, count, size, start, _ = _END.unpack(file.read(_END.size))
        return start, size, count
    file.seek(place)
    data = file.read(_END64.size)
    if len(data) < _END64.size or not data.startswith(b"PK\x06\x06"):
        raise broken("its directory is missing")
    *_, count, size, start = _END64.unpack(data)
    return start, size, count


def _entries(data: bytes, most: int) -> Iterator[Entry]:
    """Yield what the directory lists; ``offset`` is still that of the entry's own header."""
    at = count = 0
    while at < len(data):
        if len(data) < at + _ENTRY.size or data[at : at + 4] != b"PK\x01\x02":
            raise broken("its directory is damaged")
        fields = _ENTRY.unpack_from(data, at)
        flags, method, crc = fields[3], fields[4], fields[7]
        packed, size, (name_size, extra_size, comment_size) = fields[8], fields[9], fields[10:13]
        offset = fields[16]
        at += _ENTRY.size
        name = _name(data[at : at + name_size], flags)
        extra = data[at + name_size : at + name_size + extra_size]
        at += name_size + extra_size + comment_size
        size, packed, offset = _long_sizes(extra, size, packed, offset)
        count += 1
        if count > most:
            raise _too_many(count, most)
        _check_entry(name, flags, method)
        yield Entry(name, offset, packed, size, method, crc)


def _name(data: bytes, flags: int) -> str:
    text = data.decode("utf-8" if flags & _UTF8 else "cp437", errors="replace")
    return "".join(character if character.isprintable() else "?" for character in text.replace("\\", "/"))


def _long_sizes(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes of more than 32 bits stand in an extra field, each only where the short one is full."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64_FIELD:
            body = extra[at + 4 : at + 4 + length]
            values = iter(struct.unpack(f"<{len(body) // 8}Q", body[: len(body) // 8 * 8]))
            size = next(values, size) if size == _FULL32 else size
            packed = next(values, packed) if packed == _FULL32 else packed
            offset = next(values, offset) if offset == _FULL32 else offset
        at += 4 + length
    return size, packed, offset


def _check_entry(name: str, flags: int, method: int) -> None:
    if leaves_archive(name):
        sentence = f"The archive holds the path “{name[:200]}”, which leads out of it. Make it anew without."
        raise MediaRefused("bad_archive", sentence)
    if flags & _ENCRYPTED:
        raise MediaRefused("bad_archive", "The archive is locked by a password. Make it anew without one.")
    if method not in (STORED, DEFLATED):
        sentence = f"The archive is packed by method {method}; stored and deflated files alone are read."
        raise MediaRefused("bad_archive", sentence)


def _located(file: BinaryIO, entry: Entry) -> Entry:
    """Follow the directory to the entry's own header, behind which its bytes start."""
    file.seek(entry.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
        raise broken("a file in it cannot be found")
    *_, name_size, extra_size = _LOCAL.unpack(head)
    return replace(entry, offset=entry.offset + _LOCAL.size + name_size + extra_size)


def _check_places(entries: list[Entry], *, end: int) -> None:
    """Entries that share bytes are how a small archive unpacks to a huge one."""
    reached = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset < reached:
            raise broken("files in it overlap")
        reached = entry.offset + entry.packed
    if reached > end:
        raise broken("a file in it is cut short")


def entry_bytes(file: BinaryIO, entry: Entry, *, max_bytes: int) -> bytes:
    """Return the file's bytes, unpacked. Raises ValueError where they are not those that were packed."""
    if entry.size > max_bytes:
        raise ValueError(f"it has {entry.size:,} bytes; at most {max_bytes:,} are allowed")
    file.seek(entry.offset)
    data = file.read(entry.packed)
    if entry.method == DEFLATED:
        try:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, entry.size + 1)
        except zlib.error:
            raise ValueError("its packing is broken") from None
    if len(data) != entry.size or (entry.crc is not None and zlib.crc32(data) != entry.crc):
        raise ValueError("it is not whole")
    return data


def open_entry(file: BinaryIO, entry: Entry, *, max_bytes: int) -> BinaryIO:
    """Return the entry as a file of its own, to be read while ``file`` stays open.

    What is stored is read where it lies, unchecked; what is deflated is unpacked into memory, up to
    ``max_bytes``. Raises ValueError.
    """
    if entry.method == STORED:
        return io.BufferedReader(_Part(file, entry), buffer_size=1 << 16)
    return io.BytesIO(entry_bytes(file, entry, max_bytes=max_bytes))


class _Part(io.RawIOBase):
    """The bytes of one stored entry."""

    name = ""
    """Readers of DICOM ask for one."""

    def __init__(self, file: BinaryIO, entry: Entry) -> None:
        super().__init__()
        self._file = file
        self._start = entry.offset
        self._size = entry.size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(len(view), self._size - self._at)))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
