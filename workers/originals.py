"""What a commit leaves beside its labels: immutable originals of its run, and hints for reviewers.

To be called inside the commit's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from labeling.label_rows import LabelRow, rows_pack
from labeling.models import CHUNK_FRAMES
from labeling.statements import run
from workers.hints import Hint

KEEP = """
INSERT INTO labeling_runchunk (job_id, instance_id, first_frame, last_frame, written, replaced) VALUES {rows}
"""
HINT = """
INSERT INTO labeling_reviewhint (task_id, job_id, instance_id, frame, kind, strength) VALUES {rows}
ON CONFLICT DO NOTHING
"""
ROWS_A_STATEMENT = 500


class Chunk(NamedTuple):
    """What ``RunChunk`` keeps, as it is stored."""

    instance_id: int
    first_frame: int
    last_frame: int
    written: bytes
    replaced: bytes


def originals(
    *, instance_id: int, frames: Sequence[int], written: Sequence[LabelRow], replaced: Sequence[LabelRow]
) -> Iterator[Chunk]:
    """Yield immutable chunks, one a block of 64 ordinals that this commit touched."""
    for block in sorted({frame // CHUNK_FRAMES for frame in frames}):
        inside = [frame for frame in frames if frame // CHUNK_FRAMES == block]
        wrote = [row for row in written if row.frame // CHUNK_FRAMES == block]
        stood = [row for row in replaced if row.frame // CHUNK_FRAMES == block]
        if wrote or stood:
            yield Chunk(instance_id, min(inside), max(inside), rows_pack(wrote), rows_pack(stood))


def chunks_keep(*, job_id: int, chunks: Sequence[Chunk]) -> None:
    """Store what the run wrote and replaced."""
    insert(KEEP, [(job_id, *chunk) for chunk in chunks])


def hints_keep(*, task_id: int, job_id: int, hints: Sequence[Hint]) -> None:
    """Store what the run noticed."""
    insert(HINT, [(task_id, job_id, *hint) for hint in hints])


def insert(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run ``statement`` with some ``rows`` at a time, each of six values."""
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(some))
        run(statement.replace("{rows}", places), [value for row in some for value in row])
