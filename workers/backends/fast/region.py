"""Where in the working picture an object is: a rectangle around it, its centre and spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from workers.backends.fast.arrays import Floats, Indices, Mask

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True)
class Region:
    """A rectangle of whole pixels; ``right`` and ``bottom`` are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def cut(self, array: NDArray[Scalar]) -> NDArray[Scalar]:
        """Return the region's part of ``array`` (a view)."""
        return array[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True)
class Placement:
    """Centre and spread of a mask, each ``(x, y)`` in pixels, by which positions are described."""

    centre: tuple[float, float]
    spread: tuple[float, float]

    def describe(self, rows: Indices, columns: Indices) -> Floats:
        """Return shape ``(n, 3)``: where pixels lie in units of the spread, flattened far out."""
        offset = (np.stack([columns, rows], axis=1) - np.array(self.centre)) / np.array(self.spread)
        distance = np.minimum(np.square(offset).sum(axis=1, keepdims=True) / 6, 3)
        return np.hstack([np.tanh(offset / 2), distance]).astype(np.float32)

    def limited(self, key: Placement) -> Placement:
        """Return this with a spread between a quarter and six times that of ``key``."""
        spread = np.clip(self.spread, np.array(key.spread) / 4, np.array(key.spread) * 6)
        return Placement(self.centre, (float(spread[0]), float(spread[1])))


def mask_placement(mask: Mask) -> Placement:
    """Return centre and spread (at least 3 pixels) of a mask that is not empty."""
    rows, columns = np.nonzero(mask)
    return Placement(
        centre=(float(columns.mean()), float(rows.mean())),
        spread=(max(3.0, float(columns.std())), max(3.0, float(rows.std()))),
    )


def mask_region(mask: Mask, *, margin: float = 0.0, least: int = 0) -> Region:
    """Return the rectangle of a mask that is not empty, grown and cut to the picture.

    It grows by ``margin`` of its longer side, ``least`` pixels or more.
    """
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    left, top, right, bottom = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    grow = max(least, int(margin * max(right - left, bottom - top)))
    height, width = mask.shape
    return Region(
        max(0, left - grow), max(0, top - grow), min(width, right + grow), min(height, bottom + grow)
    )
