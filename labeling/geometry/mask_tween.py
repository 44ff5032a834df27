"""Masks between two masks, by signed distance to their outlines.

Both are laid over each other by their centroids and blended there, and the result is put where the
centroid has moved to: an object that moves farther than it is wide does not vanish on its way.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.edges import Distances, edge_distances
from labeling.geometry.shapes import BoolMask

_MARGIN = 2
"""Pixels around both masks in which the distance is known: room for shifts of parts of a pixel."""

Vector = NDArray[np.float64]
"""Shape ``(2,)``: x and y."""

Whole = NDArray[np.intp]
"""Shape ``(2,)``: x and y in whole pixels."""


class PlacedMask(NamedTuple):
    """A mask ``(height, width)`` with at least one pixel set, and where its first pixel lies."""

    left: int
    top: int
    mask: BoolMask


class MaskTween:
    """What lies between two masks. Holds two distance maps of the size of both laid over each other."""

    def __init__(self, first: PlacedMask, second: PlacedMask) -> None:
        sizes = [np.array(one.mask.shape[::-1]) for one in (first, second)]
        centres = [_centroid(one.mask) for one in (first, second)]
        self._lay(first, second, sizes, centres)
        self._roots = [float(np.sqrt(one.mask.sum())) for one in (first, second)]
        # Places count from the first mask's corner, so that nothing depends on where in the frame both lie.
        self._corner = first.left, first.top
        away = np.array([second.left - first.left, second.top - first.top])
        self._start, self._move = centres[0], away + centres[1] - centres[0]
        self._reach = np.minimum(0, away), np.maximum(sizes[0], away + sizes[1])

    def _lay(self, first: PlacedMask, second: PlacedMask, sizes: list[Whole], centres: list[Vector]) -> None:
        """Put both on maps of one size, centroid on centroid up to half a pixel."""
        self._low = -np.maximum(*centres)
        high = np.maximum(sizes[0] - centres[0], sizes[1] - centres[1])
        self._size = np.ceil(high - self._low).astype(np.intp) + 2 * _MARGIN
        corners = [np.round(-self._low - centre).astype(np.intp) + _MARGIN for centre in centres]
        self._centres = [corner + centre for corner, centre in zip(corners, centres, strict=True)]
        self._maps = [
            _distances(one.mask, corner=corner, size=self._size)
            for one, corner in zip((first, second), corners, strict=True)
        ]

    def at(self, t: float) -> PlacedMask:
        """Return the mask at ``t`` of the way, 0..1, in a box that is not tight.

        Its area goes with the square of what lies evenly between the roots of both areas, as that of a
        disc whose radius grows evenly. It keeps to the rectangle that spans both masks.
        """
        centre = self._start + t * self._move
        corner = np.floor(centre + self._low).astype(np.intp) - _MARGIN
        low = np.maximum(corner, self._reach[0])
        size = np.maximum(np.minimum(corner + self._size, self._reach[1]) - low, 1)
        one, other = (
            _shifted(distances, by=low - centre + on_map, size=size)
            for distances, on_map in zip(self._maps, self._centres, strict=True)
        )
        blend = ((1 - t) * one + t * other).ravel()
        area = round(((1 - t) * self._roots[0] + t * self._roots[1]) ** 2)
        rank = blend.size - min(max(area, 1), blend.size)
        mask: BoolMask = (blend >= np.partition(blend, rank)[rank]).reshape(size[1], size[0])
        return PlacedMask(self._corner[0] + int(low[0]), self._corner[1] + int(low[1]), mask)


def _centroid(mask: BoolMask) -> Vector:
    """Return the mean place of the mask's pixels, by their corners."""
    rows, columns = mask.sum(axis=1), mask.sum(axis=0)
    x, y = (np.average(np.arange(len(counts)), weights=counts) for counts in (columns, rows))
    return np.array([x, y])


def _distances(mask: BoolMask, *, corner: Whole, size: Whole) -> Distances:
    """Return the signed distances on a map of ``size`` (x, y) with the mask's first pixel at ``corner``."""
    inside = np.zeros((size[1], size[0]), np.bool_)
    height, width = mask.shape
    inside[corner[1] : corner[1] + height, corner[0] : corner[0] + width] = mask
    return edge_distances(inside)


def _shifted(distances: Distances, *, by: Vector, size: Whole) -> Distances:
    """Return the map read from ``by`` on, over ``size`` (x, y), between its pixels where need be."""
    shift = np.array([[1.0, 0.0, by[0]], [0.0, 1.0, by[1]]])
    shifted: Distances = cv2.warpAffine(
        distances,
        shift,
        (int(size[0]), int(size[1])),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32)
    return shifted
