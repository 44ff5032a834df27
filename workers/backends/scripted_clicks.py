"""A deterministic segmenter of clicks: discs around the points, or the box. It looks at no picture.

It is for demonstrations and tests of all that surrounds a segmenter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.raster import box_fill
from labeling.geometry.shapes import BoolMask, Box, Points
from workers.backends.base import RgbFrame
from workers.backends.clicking import Segmented
from workers.backends.scripted_picture import FlatPicture

CONFIDENCE = 0.9
_RADIUS = 1 / 12
"""Of a disc, as a part of the picture's shorter side."""


class ScriptedClicker:
    """The segmenter ``scripted``: the box and discs around included points, less discs around the others."""

    name = "scripted"
    version = "scripted 1"
    device = "cpu"

    def open(self, rgb: RgbFrame) -> FlatPicture:
        return FlatPicture(rgb)

    def segment(
        self, embedding: FlatPicture, *, points: Points, include: NDArray[np.bool_], box: Box | None
    ) -> Segmented:
        width, height = embedding.width, embedding.height
        if box is None:
            mask = np.zeros((height, width), np.bool_)
        else:
            mask = box_fill(box, width=width, height=height)
        for point in points[include]:
            mask |= _disc(embedding, point)
        for point in points[~include]:
            mask &= ~_disc(embedding, point)
        return Segmented(mask, CONFIDENCE if mask.any() else 0.0)


def _disc(size: FlatPicture, point: NDArray[np.float64]) -> BoolMask:
    """The pixels whose centres lie within the radius of ``point``."""
    x, y = np.arange(size.width) + 0.5 - point[0], np.arange(size.height)[:, None] + 0.5 - point[1]
    disc: BoolMask = x**2 + y**2 <= (_RADIUS * min(size.width, size.height)) ** 2
    return disc
