"""The part of a picture around a prompt, brought to one size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from labeling.geometry.shapes import BoolMask, Box, Points
from workers.backends.base import RgbFrame
from workers.backends.classical.arrays import Floats, SoftMask

SIDE = 192
"""Pixels of a window's side."""

_MARGIN = 0.2  # of the longer side of the box, on each side of it
_LEAST_MARGIN = 6.0  # pixels of the picture
_FLATTEST = 0.5  # a window's shorter side, of its longer one: thin objects are not pulled wide


@dataclass(frozen=True)
class Window:
    """Whole pixels of the picture; it may reach out of it, where the picture's edge is repeated."""

    left: int
    top: int
    width: int
    height: int

    @property
    def scale(self) -> Points:
        """Window pixels a pixel of the picture, across and down, shape ``(2,)``."""
        scale: Points = SIDE / np.array([self.width, self.height], np.float64)
        return scale

    def inwards(self, points: Points) -> Points:
        """Return points ``(n, 2)`` of the picture in pixels of the window."""
        moved: Points = (points - np.array([self.left, self.top])) * self.scale
        return moved

    def cut(self, rgb: RgbFrame) -> RgbFrame:
        """Return the picture inside, shape ``(SIDE, SIDE, 3)``."""
        height, width = rgb.shape[:2]
        left, top = max(0, self.left), max(0, self.top)
        right, bottom = min(width, self.left + self.width), min(height, self.top + self.height)
        inside = cv2.copyMakeBorder(
            rgb[top:bottom, left:right],
            top - self.top,
            self.top + self.height - bottom,
            left - self.left,
            self.left + self.width - right,
            cv2.BORDER_REPLICATE,
        )
        shrinks = self.width * self.height > SIDE * SIDE
        size = SIDE, SIDE
        resized = cv2.resize(inside, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        return np.asarray(resized, np.uint8)

    def spread(self, soft: SoftMask, *, width: int, height: int) -> BoolMask:
        """Return the mask ``(height, width)`` of the picture whose pixels in here are above one half."""
        grown = cv2.resize(soft, (self.width, self.height), interpolation=cv2.INTER_LINEAR) > 0.5
        left, top = max(0, self.left), max(0, self.top)
        right, bottom = min(width, self.left + self.width), min(height, self.top + self.height)
        mask = np.zeros((height, width), np.bool_)
        mask[top:bottom, left:right] = grown[
            top - self.top : bottom - self.top, left - self.left : right - self.left
        ]
        return mask

    def moved_in(self, values: Floats, origin: Window) -> Floats:
        """Return ``values`` of another window as they lie in this one, 0 outside of it."""
        if origin == self:
            return values
        scale = origin.scale / self.scale
        shift = (np.array([self.left, self.top]) - np.array([origin.left, origin.top])) * origin.scale
        # Pixels' centres lie at halves.
        shift = shift + 0.5 * scale - 0.5
        matrix = np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(values, matrix, (SIDE, SIDE), flags=flags), np.float32)


def window_around(box: Box, points: Points) -> Window:
    """Return the window that shows the box with some of what is around it, and every point ``(n, 2)``."""
    margin = max(_LEAST_MARGIN, _MARGIN * max(box.width, box.height))
    low = np.array([box.left - margin, box.top - margin])
    high = np.array([box.left + box.width + margin, box.top + box.height + margin])
    if len(points):
        low = np.minimum(low, points.min(axis=0) - margin / 2)
        high = np.maximum(high, points.max(axis=0) + margin / 2)
    size = high - low
    least = _FLATTEST * size.max()
    grow = np.maximum(0, least - size) / 2
    left, top = np.floor(low - grow).astype(int).tolist()
    right, bottom = np.ceil(high + grow).astype(int).tolist()
    return Window(left, top, right - left, bottom - top)
