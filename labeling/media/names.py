"""Names of files in a series: their natural order, and what is no part of it."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"([0-9]+)")
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", "dicomdir"})
_JUNK_FOLDERS = frozenset({"__macosx"})

NaturalKey = tuple[tuple[tuple[int, int, str], ...], ...]


def natural_key(name: str) -> tuple[NaturalKey, str]:
    """Return a key that sorts ``frame2`` before ``frame10``, folder by folder, whatever the case."""
    return tuple(_part_key(part) for part in name.split("/")), name


def _part_key(part: str) -> tuple[tuple[int, int, str], ...]:
    # Numbers are compared by their length and then as text: foreign ones may be of any length.
    pieces = []
    for piece in _DIGITS.split(part.casefold()):
        if piece.isascii() and piece.isdigit():
            digits = piece.lstrip("0")
            pieces.append((0, len(digits), digits))
        elif piece:
            pieces.append((1, 0, piece))
    return tuple(pieces)


def is_junk(name: str) -> bool:
    """Say whether this is what systems leave beside files: it is no part of a series."""
    *folders, last = name.lower().split("/")
    hidden = any(part.startswith(".") for part in (*folders, last))
    return hidden or last in _JUNK_NAMES or any(folder in _JUNK_FOLDERS for folder in folders)


def leaves_archive(name: str) -> bool:
    """Say whether a path would lead out of the folder that an archive is unpacked into."""
    return name.startswith("/") or ".." in name.split("/") or name[1:2] == ":"
