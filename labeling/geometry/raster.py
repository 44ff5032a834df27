"""Outlines drawn as masks: a pixel is in when its centre is.

OpenCV's and Pillow's fills also paint the outline itself, which makes everything half a pixel too
big, and pycocotools rounds to a grid of fifths; so the fill is done here, by scan lines.
A centre that lies exactly on a left or upper edge is in, on a right or lower edge it is out, so that
shapes that share an edge share no pixel.

Coordinates are taken to the thousandth of a pixel that the API gives out. So a shape has one mask,
whether it was just drawn, stored as float32, sent as JSON or exported as fractions of the frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labeling.geometry.boxes import rotated_corners
from labeling.geometry.shapes import BoolMask, Box, Points, RotatedBox

DECIMALS = 3
"""Of a coordinate in pixels; what is finer does not count."""


def box_fill(box: Box, *, width: int, height: int) -> BoolMask:
    """Return the mask ``(height, width)`` of an upright box."""
    mask = np.zeros((height, width), np.bool_)
    left, top, wide, high = (round(size, DECIMALS) for size in (box.left, box.top, box.width, box.height))
    x0, x1 = _first_centres(np.round([left, left + wide], DECIMALS), width)
    y0, y1 = _first_centres(np.round([top, top + high], DECIMALS), height)
    mask[y0:y1, x0:x1] = True
    return mask


def rotated_box_fill(box: RotatedBox, *, width: int, height: int) -> BoolMask:
    """Return the mask ``(height, width)`` of a rotated box."""
    sizes = (round(size, DECIMALS) for size in (box.left, box.top, box.width, box.height, box.rotation))
    turned = rotated_corners(RotatedBox(*sizes))
    return polygons_fill([[turned]], width=width, height=height)


def polygons_fill(polygons: Sequence[Sequence[Points]], *, width: int, height: int) -> BoolMask:
    """Return the mask ``(height, width)`` of the union of polygons, each rings by the even-odd rule."""
    mask = np.zeros((height, width), np.bool_)
    for rings in polygons:
        _rings_fill(mask, rings)
    return mask


def _first_centres(places: Points, size: int) -> list[int]:
    """Return for each place the first pixel whose centre is not before it, within ``0..size``."""
    centres: list[int] = np.clip(np.ceil(places - 0.5), 0, size).astype(np.intp).tolist()
    return centres


def _rings_fill(mask: BoolMask, rings: Sequence[Points]) -> None:
    """Set in ``mask`` what lies inside an odd number of ``rings``."""
    height, width = mask.shape
    rings = [np.round(ring, DECIMALS) for ring in rings]
    points = np.concatenate(rings)
    left, top = _first_centres(points.min(axis=0), max(mask.shape))
    right, bottom = _first_centres(points.max(axis=0), max(mask.shape))
    right, bottom = min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        return
    start = points
    end = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    rows = np.clip(np.ceil(np.stack((start[:, 1], end[:, 1])) - 0.5), top, bottom).astype(np.intp)
    first, last = rows.min(axis=0), rows.max(axis=0)
    crossed = last - first
    edge = np.repeat(np.arange(len(start)), crossed)
    row = np.arange(edge.size) - np.repeat(np.cumsum(crossed) - crossed, crossed) + first[edge]
    x0, y0 = start[edge].T
    dx, dy = (end - start)[edge].T
    x = x0 + (row + 0.5 - y0) * (dx / dy)
    column = np.clip(np.ceil(x - 0.5), left, right).astype(np.intp)
    # Every crossing flips all pixels to its right: flips are counted, then summed along the row.
    wide = right - left + 1
    flips = np.bincount((row - top) * wide + column - left, minlength=(bottom - top) * wide)
    inside = np.bitwise_xor.accumulate(flips.astype(np.uint8).reshape(-1, wide) & 1, axis=1)[:, :-1]
    mask[top:bottom, left:right] |= inside.view(np.bool_)
