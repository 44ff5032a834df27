"""Several files as one object of the store: a ZIP archive without compression.

The same files give the same bytes, whatever the order in which they came.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from labeling.media.names import natural_key
from labeling.media.storage import CHUNK_BYTES

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Piece:
    """One file inside a spool of many."""

    name: str
    offset: int
    size: int


def bundle_write(spool: Path, pieces: Sequence[Piece], *, target: Path, kind: str) -> None:
    """Write the pieces of ``spool`` into an archive at ``target``, in the natural order of their names.

    ``kind`` is kept as the archive's comment: a group and a sequence of the same pictures are two media.
    """
    ordered = sorted(pieces, key=lambda piece: natural_key(piece.name))
    with spool.open("rb") as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = comment_of(kind)
        for piece in ordered:
            source.seek(piece.offset)
            piece_write(archive, source, name=piece.name, size=piece.size)


def comment_of(kind: str) -> bytes:
    """Return what stands at the end of an archive of ours."""
    return f"labelyard {kind}".encode()


def piece_write(archive: zipfile.ZipFile, source: IO[bytes], *, name: str, size: int) -> None:
    """Add the next ``size`` bytes of ``source`` as a file, the same way whenever and wherever it is done."""
    info = zipfile.ZipInfo(name, date_time=_LONG_AGO)
    info.file_size = size
    with archive.open(info, "w", force_zip64=size >= zipfile.ZIP64_LIMIT) as entry:
        while size > 0:
            part = source.read(min(CHUNK_BYTES, size))
            if not part:
                raise OSError("The spool of an upload is shorter than its files.")
            entry.write(part)
            size -= len(part)
