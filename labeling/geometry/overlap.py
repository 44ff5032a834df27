"""How much shapes of one frame cover each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from labeling.geometry.boxes import box_iou, shape_bounds
from labeling.geometry.masks import mask_bounds, shape_to_mask
from labeling.geometry.shapes import BoolMask, Box, Shape


class Standing:
    """The shapes that stand on a frame, to ask of others how much they cover what is there.

    The pixels of each are found once, and only when something lies near it.
    """

    def __init__(self, shapes: Iterable[Shape], *, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._placed = [_Placed(shape, width, height) for shape in shapes]

    def iou(self, shape: Shape) -> float:
        """Return the greatest intersection over union with one of them, 0..1; 0 where none is met.

        Of two upright boxes it is exact, else by pixels. Raise ``ShapeError`` for a polyline or skeleton
        that lies on one of them: it has no area.
        """
        mine = _Placed(shape, self.width, self.height)
        near = [other for other in self._placed if box_iou(mine.box, other.box) > 0]
        return max((_iou(mine, other) for other in near), default=0.0)


@dataclass(frozen=True)
class _Cover:
    """The pixels of a shape: ``crop`` ``(height, width)`` at ``left, top``, of which ``area`` are set."""

    left: int
    top: int
    crop: BoolMask
    area: int

    def within(self, left: int, top: int, right: int, bottom: int) -> BoolMask:
        rows = slice(top - self.top, bottom - self.top)
        return self.crop[rows, left - self.left : right - self.left]


@dataclass(frozen=True)
class _Placed:
    """A shape of a frame of ``width`` and ``height`` pixels."""

    shape: Shape
    width: int
    height: int

    @cached_property
    def box(self) -> Box:
        """The upright box around it."""
        return shape_bounds(self.shape)

    @cached_property
    def cover(self) -> _Cover | None:
        """What it covers of the frame, None when that is nothing."""
        mask = shape_to_mask(self.shape, width=self.width, height=self.height)
        bounds = mask_bounds(mask)
        if bounds is None:
            return None
        left, top, wide, high = bounds
        crop = np.ascontiguousarray(mask[top : top + high, left : left + wide])
        return _Cover(left, top, crop, int(crop.sum()))


def _iou(one: _Placed, other: _Placed) -> float:
    if isinstance(one.shape, Box) and isinstance(other.shape, Box):
        return box_iou(one.shape, other.shape)
    mine, yours = one.cover, other.cover
    if mine is None or yours is None:
        return 0.0
    left, top = max(mine.left, yours.left), max(mine.top, yours.top)
    right = min(mine.left + mine.crop.shape[1], yours.left + yours.crop.shape[1])
    bottom = min(mine.top + mine.crop.shape[0], yours.top + yours.crop.shape[0])
    if left >= right or top >= bottom:
        return 0.0
    place = left, top, right, bottom
    shared = int((mine.within(*place) & yours.within(*place)).sum())
    return shared / (mine.area + yours.area - shared)
