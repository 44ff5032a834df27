"""Packing what a run wrote and replaced (``RunChunk``): msgpack, deflated."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

import msgpack

from labeling.services.label_rows import LabelRow


def rows_pack(rows: Iterable[LabelRow]) -> bytes:
    """Pack rows of one instance."""
    records = [
        (
            row.frame, row.geometry, row.provenance, row.confidence, row.protected, row.z_order, row.occluded,
            row.job_id, row.author_id,
        )
        for row in rows
    ]  # fmt: skip
    return zlib.compress(msgpack.packb(records, use_bin_type=True), level=1)


def rows_unpack(packed: bytes, *, instance_id: int) -> Sequence[LabelRow]:
    """Unpack what ``rows_pack`` made."""
    records = msgpack.unpackb(zlib.decompress(packed), raw=False)
    return [LabelRow(instance_id, *record) for record in records]
