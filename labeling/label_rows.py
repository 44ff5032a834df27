"""Labels as plain values, and how runs and edits keep them packed: msgpack, deflated."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgpack

from labeling.statements import Row


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label as it is to be stored; ``geometry`` None is an absent mark.

    ``version`` is what it has when it is read, and the least it gets when it is written.
    """

    instance_id: int
    frame: int
    geometry: bytes | None
    provenance: int
    confidence: float = 1.0
    protected: bool = False
    z_order: int = 0
    occluded: bool = False
    job_id: int | None = None
    author_id: int | None = None
    version: int = 1


def label_row(row: Row) -> LabelRow:
    """The label in a database row of the columns that ``LabelRow`` names, in its order."""
    instance_id, frame, geometry, provenance, confidence, protected, z_order, occluded, *whose = row
    shape = None if geometry is None else bytes(geometry)
    return LabelRow(
        instance_id, frame, shape, provenance, confidence, bool(protected), z_order, bool(occluded), *whose
    )


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


def rows_unpack(packed: bytes | memoryview, *, instance_id: int) -> Sequence[LabelRow]:
    """Unpack what ``rows_pack`` made."""
    records = msgpack.unpackb(zlib.decompress(bytes(packed)), raw=False)
    return [LabelRow(instance_id, *record) for record in records]
