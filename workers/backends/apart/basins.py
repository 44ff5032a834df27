"""A foreground split into pieces: connected ones, and those that hang together by a narrow neck."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask

_NECK = 0.72
"""Of the narrower piece's half width: a neck that is narrower parts two pieces."""


def pieces_split(mask: BoolMask, *, least: float) -> list[BoolMask]:
    """Return the pieces of a mask that have ``least`` pixels or more."""
    calm = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(calm, connectivity=4)
    pieces: list[BoolMask] = []
    for number in range(1, count):
        left, top, width, height, area = stats[number].tolist()
        if area < least:
            continue
        place = slice(top, top + height), slice(left, left + width)
        for part in _parted(np.asarray(labels[place] == number)):
            if part.sum() >= least:
                piece = np.zeros(mask.shape, np.bool_)
                piece[place] = part
                pieces.append(piece)
    return pieces


def _parted(piece: BoolMask) -> list[BoolMask]:
    """Part one connected piece at its necks."""
    padded = np.pad(piece, 1).astype(np.uint8)
    depth = np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)
    basins = _basins(depth)
    parts = [np.asarray(basins == number) for number in range(1, int(basins.max()) + 1)]
    return [part for part in parts if part.any()]


def _basins(depth: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the number of the summit that each pixel of a hilly mask belongs to, from 1; 0 outside.

    From high to low: a summit is one of its own unless the way to a higher one stays above ``_NECK`` of it.
    """
    inside = depth > 0
    numbers = np.zeros(depth.shape, np.int32)
    summits: list[float] = [0.0]
    merged: list[int] = [0]
    for level in np.linspace(1.0, 0.0, 25)[1:] * depth.max():
        count, regions = cv2.connectedComponents(((depth > level) & inside).astype(np.uint8), connectivity=4)
        for region in range(1, count):
            here = regions == region
            known = {_root(merged, one) for one in np.unique(numbers[here]).tolist() if one}
            if not known:
                summits.append(float(depth[here].max()))
                merged.append(len(merged))
                numbers[here] = len(merged) - 1
                continue
            _join(known, level, summits, merged)
            _grow(numbers, here)
    roots = sorted({_root(merged, one) for one in range(1, len(merged))})
    place = {root: number for number, root in enumerate(roots, start=1)}
    lookup = np.array([0, *(place[_root(merged, one)] for one in range(1, len(merged)))], np.int32)
    return np.asarray(lookup[numbers], np.int32)


def _join(known: set[int], level: float, summits: list[float], merged: list[int]) -> None:
    """Make one of the summits that meet at ``level``, except of those that a neck parts."""
    highest = max(known, key=lambda one: summits[one])
    for one in known - {highest}:
        if level > _NECK * summits[one]:
            merged[one] = highest


def _root(merged: list[int], one: int) -> int:
    while merged[one] != one:
        one = merged[one]
    return one


def _grow(numbers: NDArray[np.int32], here: BoolMask) -> None:
    """Give the region's new pixels to the nearest known one."""
    new = here & (numbers == 0)
    if not new.any():
        return
    known = here & ~new
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    at = np.zeros(int(nearest.max()) + 1, np.int32)
    at[nearest[known]] = numbers[known]
    numbers[new] = at[nearest[new]]
