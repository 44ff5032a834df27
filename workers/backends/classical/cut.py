"""GrabCut in a window (Rother, Kolmogorov and Blake, SIGGRAPH 2004), OpenCV's."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.backends.base import RgbFrame
from workers.backends.classical.arrays import Mask

_ROUNDS = 2
_LEAST_SHARE = 0.08  # of the possible pixels: a cut that leaves less has collapsed


def calm_pictures(picture: RgbFrame) -> list[RgbFrame]:
    """Return the picture with its texture smoothed away in two ways, edges kept: cuts follow edges then."""
    return [
        np.asarray(cv2.bilateralFilter(picture, 7, 30, 3), np.uint8),
        np.asarray(cv2.pyrMeanShiftFiltering(picture, 8, 20), np.uint8),
    ]


def colour_cut(picture: RgbFrame, *, start: Mask, possible: Mask, certain: NDArray[np.int8]) -> Mask:
    """Return the mask that mixtures of colours draw, beginning with ``start``, within ``possible``.

    ``certain``: 1 on the object, -1 off it, 0 unknown. Returns ``start`` where nothing is left to divide.
    """
    marks = np.full(start.shape, cv2.GC_BGD, np.uint8)
    marks[possible] = cv2.GC_PR_BGD
    marks[start & possible] = cv2.GC_PR_FGD
    marks[certain > 0] = cv2.GC_FGD
    marks[certain < 0] = cv2.GC_BGD
    inside = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    if not inside.any() or inside.all():
        return start
    cv2.setRNGSeed(0)
    nowhere = 0, 0, 0, 0  # a mask says where to begin, not a rectangle
    colours, others = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(picture, marks, nowhere, colours, others, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found: Mask = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    return found if found.sum() >= _LEAST_SHARE * possible.sum() else start
