"""What runs wrote of an object against what stands there now, over all of its frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from labeling.label_rows import rows_unpack
from labeling.models import Instance, Label, RunChunk

Range = tuple[int, int]
"""Frames, inclusive."""

# Shapes are told apart by digests: those of a long track of masks would not fit into memory.
DIGEST_BYTES = 16


@dataclass(frozen=True)
class Differences:
    """``written``: frames on which the latest run that was there wrote a label.

    Of those, frames on which now another shape stands (``changed``), a mark that the object is not there
    (``absent``), or nothing (``gone``).
    """

    written: int
    changed: list[Range]
    absent: list[Range]
    gone: list[Range]


def run_differences(*, instance: Instance) -> Differences:
    """Compare the object's labels with what runs wrote; those that were taken back wrote nothing."""
    originals = originals_of(instance)
    there: dict[int, bytes | None] = {}
    labels = Label.objects.filter(instance=instance).order_by("frame").values_list("frame", "geometry")
    for frame, geometry in labels.iterator():
        if frame in originals:
            there[frame] = None if geometry is None else digest(geometry)
    changed = [frame for frame, now in there.items() if now is not None and now != originals[frame]]
    return Differences(
        written=len(originals),
        changed=ranges(changed),
        absent=ranges(frame for frame, now in there.items() if now is None),
        gone=ranges(originals.keys() - there.keys()),
    )


def originals_of(instance: Instance) -> dict[int, bytes]:
    """Return digests of the shapes as the latest run on each frame wrote them."""
    originals: dict[int, bytes] = {}
    chunks = RunChunk.objects.filter(instance=instance, job__reverted_at__isnull=True).order_by("job_id")
    for chunk in chunks.iterator():
        # Where a later run missed the object, it took away what an earlier one had written.
        for row in rows_unpack(chunk.replaced, instance_id=instance.pk):
            originals.pop(row.frame, None)
        for row in rows_unpack(chunk.written, instance_id=instance.pk):
            if row.geometry is not None:
                originals[row.frame] = digest(row.geometry)
    return originals


def digest(geometry: bytes | memoryview) -> bytes:
    return blake2b(bytes(geometry), digest_size=DIGEST_BYTES).digest()


def ranges(frames: Iterable[int]) -> list[Range]:
    """Join frames that follow each other."""
    ordered = sorted(frames)
    if not ordered:
        return []
    breaks = [(before, after) for before, after in pairwise(ordered) if after > before + 1]
    firsts = [ordered[0], *(after for _, after in breaks)]
    lasts = [*(before for before, _ in breaks), ordered[-1]]
    return list(zip(firsts, lasts, strict=True))
