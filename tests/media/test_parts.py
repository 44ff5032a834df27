"""A file in parts: sizes that stores take, and the digest over them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from labeling.media.parts import PART_BYTES, part_bytes_for, part_count, part_size, parts_sha256

GIB = 1 << 30


@pytest.mark.parametrize("size", [1, PART_BYTES, PART_BYTES + 1, 20 * GIB, 5000 * GIB])
def test_the_parts_make_up_the_file_and_stores_take_them(size: int) -> None:
    part = part_bytes_for(size)
    count = part_count(size, part_bytes=part)
    sizes = [part_size(number, size=size, part_bytes=part) for number in (1, count)]
    assert part >= PART_BYTES
    assert 1 <= count <= 10_000
    assert (count - 1) * part + sizes[-1] == size
    assert 0 < sizes[-1] <= part


def test_the_digest_is_that_of_the_parts_digests(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abcdefg")
    digests = b"".join(hashlib.sha256(part).digest() for part in (b"abc", b"def", b"g"))
    assert parts_sha256(tmp_path / "file", part_bytes=3) == hashlib.sha256(digests).hexdigest()
