"""Which pixels of a box are the object's own."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask, Box
from workers.backends.base import RgbFrame
from workers.backends.fast.placedbox import PlacedBox

_SURROUNDINGS = 0.4  # of the box's longer side: what is looked at around it, as background
_WORKING_SIDE = 256  # pixels: the longer side of what is cut out
_FLAT = 2.0  # levels of a colour: in surroundings of less contrast there is nothing to be seen
_ROUNDS = 5
_LEAST_SHARE = 0.15  # of the box: less than this is no object that fills it


def box_content(rgb: RgbFrame, box: Box) -> BoolMask:
    """Return the mask ``(height, width)`` of what a box holds, apart from its background.

    By colour: GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH 2004), told that all outside the box is
    background. Where that leaves next to nothing, the box's ellipse; empty where there is nothing to see.
    """
    height, width = rgb.shape[:2]
    grow = _SURROUNDINGS * max(box.width, box.height)
    left, top = int(max(0, box.left - grow)), int(max(0, box.top - grow))
    right = int(np.ceil(min(width, box.left + box.width + grow)))
    bottom = int(np.ceil(min(height, box.top + box.height + grow)))
    part = rgb[top:bottom, left:right]
    inside = Box(box.left - left, box.top - top, box.width, box.height)
    mask = np.zeros((height, width), np.bool_)
    if part.size == 0 or part.std(axis=(0, 1)).max() < _FLAT:
        return mask
    mask[top:bottom, left:right] = _cut_out(part, inside)
    if mask.sum() < _LEAST_SHARE * box.width * box.height:
        return PlacedBox.of_shape(box).ellipse((height, width), scale=1.0) > 0
    return mask


def _cut_out(picture: NDArray[np.uint8], box: Box) -> BoolMask:
    """Return the object's pixels in a picture around its box."""
    scale = min(1.0, _WORKING_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = np.array([box.left, box.top, box.left + box.width, box.top + box.height])
    left, top, right, bottom = np.rint(edges * scale).astype(int).tolist()
    kinds = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
    kinds[max(0, top) : bottom, max(0, left) : right] = cv2.GC_PR_FGD
    if (kinds == cv2.GC_PR_FGD).all() or not (kinds == cv2.GC_PR_FGD).any():
        return np.zeros(picture.shape[:2], np.bool_)
    # GrabCut draws its first clusters by chance: the same ones every time.
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, kinds, (0, 0, 1, 1), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = np.isin(kinds, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    found = np.asarray(cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    size = picture.shape[1], picture.shape[0]
    return np.asarray(cv2.resize(found, size, interpolation=cv2.INTER_NEAREST) > 0)
