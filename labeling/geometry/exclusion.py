"""Bitmasks that leave each other out: no pixel belongs to two of them.

All of it looks at the boxes first and works on crops, so that a frame full of bitmasks costs little.
"""

from __future__ import annotations

from collections.abc import Iterable

from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.rle import rle_decode
from labeling.geometry.shapes import Bitmask, BoolMask

Window = tuple[slice, slice]
"""Rows and columns within a bitmask's crop."""


def bitmask_excluding(bitmask: Bitmask, others: Iterable[Bitmask]) -> Bitmask | None:
    """Return the bitmask without the pixels of the others, None when nothing is left.

    One that shares no pixel with any of them is returned as it is. Raise ``ShapeError`` when the counts
    of one of them do not fit its size.
    """
    near = [(other, windows) for other in others if (windows := _shared(bitmask, other))]
    if not near:
        return bitmask
    crop = _crop(bitmask)
    left = crop.copy()
    for other, (mine, yours) in near:
        left[mine] &= ~_crop(other)[yours]
    if (left == crop).all():
        return bitmask
    rest = mask_to_bitmask(left)
    if rest is None:
        return None
    return Bitmask(rest.left + bitmask.left, rest.top + bitmask.top, rest.width, rest.height, rest.counts)


def bitmasks_overlap(one: Bitmask, other: Bitmask) -> bool:
    """Say whether a pixel belongs to both. Raise ``ShapeError`` when counts do not fit their size."""
    windows = _shared(one, other)
    if windows is None:
        return False
    mine, yours = windows
    return bool((_crop(one)[mine] & _crop(other)[yours]).any())


def _shared(one: Bitmask, other: Bitmask) -> tuple[Window, Window] | None:
    """Return where the two boxes meet, in the crop of each; None when they do not."""
    left, top = max(one.left, other.left), max(one.top, other.top)
    right = min(one.left + one.width, other.left + other.width)
    bottom = min(one.top + one.height, other.top + other.height)
    if left >= right or top >= bottom:
        return None
    mine, yours = (
        (slice(top - box.top, bottom - box.top), slice(left - box.left, right - box.left))
        for box in (one, other)
    )
    return mine, yours


def _crop(bitmask: Bitmask) -> BoolMask:
    return rle_decode(bitmask.counts, width=bitmask.width, height=bitmask.height)
