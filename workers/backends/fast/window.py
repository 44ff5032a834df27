"""The part of the working picture that the network looks at, drawn to its own fixed size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.backends.fast.arrays import Floats, Mask
from workers.backends.fast.region import mask_region

SIDE = 128
"""Pixels a side of what the network sees."""

_GROWN = 1.5  # times the object's box
_LEAST = 40.0  # pixels of the working picture
_FLATTEST = 0.6  # shorter side by longer side
_COARSE = 1.6  # working pixels a pixel of the window: from here on it is blurred before


@dataclass(frozen=True)
class Window:
    """A rectangle of the working picture: its centre and size in pixels; it may reach outside."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def around(cls, mask: Mask) -> Window:
        """Return the window around a mask that is not empty."""
        box = mask_region(mask)
        width, height = max(box.width * _GROWN, _LEAST), max(box.height * _GROWN, _LEAST)
        return cls(
            x=(box.left + box.right) / 2,
            y=(box.top + box.bottom) / 2,
            width=max(width, _FLATTEST * height),
            height=max(height, _FLATTEST * width),
        )

    def cut(self, values: Floats, *, side: int = SIDE, smooth: bool = True) -> Floats:
        """Return shape ``(side, side)`` and the channels of ``values``; what lies outside is its edge.

        ``smooth``: blur what is shrunk, so that no pixel is passed over.
        """
        shrunk = max(self.width, self.height) / side
        left, top, part = self._part(values)
        if smooth and shrunk > _COARSE:
            part = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.35 * shrunk))
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        matrix = self._matrix(side, left=left, top=top)
        cut = cv2.warpAffine(part, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cut, np.float32)

    def paste(self, values: Floats, *, shape: tuple[int, int]) -> Floats:
        """Return ``values``, shape ``(side, side)``, at their place in a picture; 0 around them."""
        matrix = self._matrix(values.shape[0], left=0, top=0)
        whole = cv2.warpAffine(values, matrix, (shape[1], shape[0]), flags=cv2.INTER_LINEAR)
        return np.asarray(whole, np.float32)

    def _part(self, values: Floats) -> tuple[int, int, Floats]:
        """Return left, top and what of ``values`` the window can see, with a margin."""
        height, width = values.shape[:2]
        left = min(width - 1, max(0, int(self.x - self.width / 2) - 4))
        top = min(height - 1, max(0, int(self.y - self.height / 2) - 4))
        right = max(left + 1, min(width, int(self.x + self.width / 2) + 5))
        bottom = max(top + 1, min(height, int(self.y + self.height / 2) + 5))
        return left, top, np.ascontiguousarray(values[top:bottom, left:right])

    def _matrix(self, side: int, *, left: int, top: int) -> NDArray[np.float32]:
        """Return the affine map from the window's pixels to those of the picture's part."""
        across, down = self.width / side, self.height / side
        x = self.x - self.width / 2 + across / 2 - 0.5 - left
        y = self.y - self.height / 2 + down / 2 - 0.5 - top
        return np.array([[across, 0, x], [0, down, y]], np.float32)
