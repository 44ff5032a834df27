"""Distances through a picture: short within areas of like colour, long across edges.

The raster scans of Toivanen ("New geodesic distance transforms for gray-scale images", Pattern
Recognition Letters 1996), along rows and columns in turn, each a whole line at once.
"""

from __future__ import annotations

import numpy as np

from workers.backends.classical.arrays import Floats, Mask

_FAR = np.float32(1e4)
_DIAGONAL = float(np.sqrt(2))


class Terrain:
    """What each step between neighbouring pixels of a picture costs."""

    def __init__(self, colour: Floats, *, pixel: float) -> None:
        """``colour`` ``(h, w, c)``: differences count as they are; ``pixel``: cost of a pixel's way."""
        down = _steps(colour[1:], colour[:-1], pixel)
        across = _steps(colour[:, 1:], colour[:, :-1], pixel)
        falling = _steps(colour[1:, 1:], colour[:-1, :-1], _DIAGONAL * pixel)
        rising = _steps(colour[1:, :-1], colour[:-1, 1:], _DIAGONAL * pixel)
        self._by_rows = down, falling, rising
        self._by_columns = _turned(across), _turned(falling), _turned(rising)

    def distance(self, sources: Mask, *, rounds: int = 1) -> Floats:
        """Return the cost of the cheapest way from any source, shape ``(h, w)``; large without sources.

        Each of the ``rounds`` scans the picture down, up, to the right and to the left.
        """
        far = np.where(sources, np.float32(0), _FAR)
        for _ in range(rounds):
            _scan(far, *self._by_rows)
            turned = _turned(far)
            _scan(turned, *self._by_columns)
            far = _turned(turned)
        return far


def _steps(one: Floats, other: Floats, length: float) -> Floats:
    difference = one - other
    square = difference * difference
    return np.asarray(np.sqrt(square.sum(axis=-1)) + length, np.float32)


def _turned(values: Floats) -> Floats:
    return np.ascontiguousarray(values.T)


def _scan(far: Floats, straight: Floats, falling: Floats, rising: Floats) -> None:
    """Shorten distances by ways that come from the line before, then from the line after."""
    last = len(far) - 1
    for line in range(last):
        here, there = far[line], far[line + 1]
        np.minimum(there, here + straight[line], out=there)
        np.minimum(there[1:], here[:-1] + falling[line], out=there[1:])
        np.minimum(there[:-1], here[1:] + rising[line], out=there[:-1])
    for line in range(last - 1, -1, -1):
        here, there = far[line + 1], far[line]
        np.minimum(there, here + straight[line], out=there)
        np.minimum(there[:-1], here[1:] + falling[line], out=there[:-1])
        np.minimum(there[1:], here[:-1] + rising[line], out=there[1:])
