"""The mask that another tracker gives of the object: vertices have to stay on it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from labeling.geometry.shapes import BoolMask, Points
from workers.backends.fast.view import FrameView

_MARGIN = 0.03  # of the object's extent: so far off its mask a vertex may be
_LEAST_MARGIN = 4.0  # pixels


@dataclass(frozen=True)
class Hold:
    """``mask`` is of the size of ``fine_grey`` and grown by the margin; None holds everywhere."""

    mask: BoolMask | None

    @classmethod
    def of(cls, support: BoolMask | None, view: FrameView, *, extent: float) -> Hold:
        """Return the hold that a mask of the picture gives an object ``extent`` pixels long."""
        if support is None:
            return cls(None)
        height, width = view.fine_grey.shape
        small = cv2.resize(support.view(np.uint8), (width, height), interpolation=cv2.INTER_AREA)
        radius = round(max(_LEAST_MARGIN, _MARGIN * extent))
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
        return cls(np.asarray(cv2.dilate(small, disc) > 0))

    def has(self, place: Points) -> bool:
        """Return whether the object can be at ``place``, in pixels of ``fine_grey``."""
        if self.mask is None:
            return True
        row, column = int(place[1]), int(place[0])
        height, width = self.mask.shape
        return bool(self.mask[min(max(row, 0), height - 1), min(max(column, 0), width - 1)])
