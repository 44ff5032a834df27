"""How far the pixels of a picture lie from the edge of a mask."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask

Distances = NDArray[np.float32]
"""Shape ``(height, width)``: pixels to the edge, above zero inside."""


def edge_distances(mask: BoolMask) -> Distances:
    """Return each pixel's distance to the mask's edge; of a mask without a pixel that is minus infinity."""
    inside = np.ascontiguousarray(mask).view(np.uint8)
    if not inside.any():
        return np.full(mask.shape, -np.inf, np.float32)
    within, without = (
        cv2.distanceTransform(side, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for side in (inside, 1 - inside)
    )
    # Distances go from centre to centre; the edge runs half a pixel before either.
    return np.where(mask, within - 0.5, 0.5 - without).astype(np.float32)
