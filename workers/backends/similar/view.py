"""A picture at one size, as patterns are compared with it."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np

from workers.backends.base import RgbFrame
from workers.backends.similar.places import Coarse
from workers.backends.similar.pose import Floats


class View:
    """A picture at the size at which one pattern fills a patch."""

    def __init__(self, rgb: RgbFrame, *, scale: float) -> None:
        height, width = rgb.shape[:2]
        size = max(1, round(width * scale)), max(1, round(height * scale))
        self.rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        lab = np.asarray(cv2.cvtColor(self.rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)
        self.layers = np.dstack([lab, edge_strength(lab)])
        """Shape ``(h, w, 4)``: Lab and the strength of edges."""

    @cached_property
    def coarse(self) -> Coarse:
        """The same at half the size, ready to be correlated with."""
        return Coarse(self.layers)

    @property
    def nbytes(self) -> int:
        coarse = self.coarse.nbytes if "coarse" in self.__dict__ else 0
        return int(self.rgb.nbytes + self.layers.nbytes + coarse)


def edge_strength(lab: Floats) -> Floats:
    """Return how strong an edge runs through each pixel; weak ones count more than in proportion."""
    calm = cv2.GaussianBlur(lab, (0, 0), 1)
    across, down = cv2.Sobel(calm, cv2.CV_32F, 1, 0), cv2.Sobel(calm, cv2.CV_32F, 0, 1)
    return np.asarray(np.sqrt(np.sqrt((across * across + down * down).sum(axis=2))), np.float32)
