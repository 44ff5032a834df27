"""A file in parts, as stores take it: how large each is, and one digest over all of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

MIB = 1 << 20
PART_BYTES = 8 * MIB
# Stores take 10,000; some room is left.
PARTS_MAX = 9000


def part_bytes_for(size: int) -> int:
    """Return how many bytes each part of a file of ``size`` bytes has, but for the last."""
    least = -(-size // PARTS_MAX)
    return max(PART_BYTES, -(-least // MIB) * MIB)


def part_count(size: int, *, part_bytes: int) -> int:
    """Return how many parts there are; they are numbered from 1."""
    return -(-size // part_bytes)


def part_size(number: int, *, size: int, part_bytes: int) -> int:
    """Return the bytes of part ``number``, from 1."""
    return min(part_bytes, size - (number - 1) * part_bytes)


def parts_sha256(path: Path, *, part_bytes: int) -> str:
    """Return the SHA-256, in hexadecimal, over the SHA-256 digests (32 bytes each) of the file's parts.

    A browser can tell it: it hashes no file piece by piece, but a part as a whole.
    """
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(part_bytes):
            whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
