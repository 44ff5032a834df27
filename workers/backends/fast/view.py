"""A frame as the fast tracker sees it: small, grey for the flow, with features for the nets."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.backends.base import RgbFrame
from workers.backends.fast.arrays import Floats

WORKING_AREA = 427 * 240
"""Pixels that a frame is shrunk to: half the side of 854 x 480. Time a frame follows from it."""

FEATURES = 15
"""Values a pixel that describe its appearance."""

_LEAST_SIDE = 16  # the flow needs at least 12 pixels a side
_FINE_SIDE = 1280
_LAB_UNIT = np.array([50, 25, 25], np.float32)
_LAB_ZERO = np.array([1, 0, 0], np.float32)


def working_size(*, width: int, height: int) -> tuple[int, int]:
    """Return width and height of the working resolution of a ``width`` x ``height`` picture."""
    scale = min(1.0, float(np.sqrt(WORKING_AREA / (width * height))))
    return max(_LEAST_SIDE, round(width * scale)), max(_LEAST_SIDE, round(height * scale))


class FrameView:
    """One frame. What is costly is made when it is first asked for, and shared by all objects."""

    def __init__(self, rgb: RgbFrame, *, frame: int) -> None:
        self.frame = frame
        self.full_height, self.full_width = int(rgb.shape[0]), int(rgb.shape[1])
        self.rgb = rgb

    @cached_property
    def _small(self) -> NDArray[np.uint8]:
        size = working_size(width=self.full_width, height=self.full_height)
        return np.asarray(cv2.resize(self.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)

    @cached_property
    def grey(self) -> NDArray[np.uint8]:
        """Brightness at the working resolution."""
        return np.asarray(cv2.cvtColor(self._small, cv2.COLOR_RGB2GRAY), np.uint8)

    @cached_property
    def fine_grey(self) -> NDArray[np.uint8]:
        """Brightness at the picture's own size, or 1,280 pixels on the longer side."""
        grey = cv2.cvtColor(self.rgb, cv2.COLOR_RGB2GRAY)
        scale = self.fine_scale
        if scale < 1:
            grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return np.asarray(grey, np.uint8)

    @property
    def fine_scale(self) -> float:
        """Pixels of ``fine_grey`` a pixel of the picture."""
        return min(1.0, _FINE_SIDE / max(self.full_width, self.full_height))

    @cached_property
    def lab(self) -> Floats:
        """Shape ``(h, w, 3)``: CIE L*a*b*, L in 0..100."""
        return np.asarray(cv2.cvtColor(self._small.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)

    @cached_property
    def features(self) -> Floats:
        """Shape ``(h, w, 15)``: colour at three scales, gradients, local contrast."""
        colour: Floats = self.lab / _LAB_UNIT - _LAB_ZERO
        near = cv2.GaussianBlur(colour, (0, 0), 2)
        across = cv2.Sobel(colour[..., 0], cv2.CV_32F, 1, 0)
        down = cv2.Sobel(colour[..., 0], cv2.CV_32F, 0, 1)
        gradients: Floats = np.dstack([np.abs(across), np.abs(down), across * down])
        variance: Floats = cv2.GaussianBlur(colour * colour, (0, 0), 2) - near * near
        parts = [
            colour,
            near,
            _wide_blur(colour),
            cv2.GaussianBlur(gradients, (0, 0), 3),
            np.sqrt(np.maximum(variance, 0) + 1e-4),
        ]
        return np.dstack(parts).astype(np.float32, copy=False)


def _wide_blur(colour: Floats) -> Floats:
    """A blur over some 8 pixels, made at half the size because it is four times cheaper there."""
    height, width = colour.shape[:2]
    half = cv2.resize(colour, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(cv2.GaussianBlur(half, (0, 0), 4), (width, height)), np.float32)
