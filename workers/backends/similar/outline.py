"""The mask of what was found: the pattern's own, laid there, then cut along the picture's edges."""

from __future__ import annotations

import cv2
import numpy as np

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask
from workers.backends.base import RgbFrame
from workers.backends.similar.pattern import Pattern
from workers.backends.similar.pose import Pose
from workers.backends.similar.view import View

_SURE = 0.15  # of the longer side: as deep inside the mask is certain, as far outside the rest
_SHRUNK, _GROWN = 0.5, 1.8  # of the area: a cut beyond that has gone wrong


def pose_mask(pattern: Pattern, view: View, pose: Pose, picture: RgbFrame, *, cut: bool) -> BoolMask:
    """Return the mask ``(height, width)`` of ``picture``, of which ``view`` is a view.

    ``cut``: drawn along edges, not only laid there.
    """
    height, width = picture.shape[:2]
    matrix = pose.onto_picture(pattern.side)
    ratio = width / view.rgb.shape[1], height / view.rgb.shape[0]
    matrix = np.diag(ratio) @ matrix
    matrix[:, 2] += (np.array(ratio) - 1) / 2
    laid = cv2.warpAffine(pattern.inside.astype(np.float32), matrix, (width, height)) > 0.5
    mask = np.asarray(laid, np.bool_)
    return _cut(mask, picture) if cut else mask


def _cut(mask: BoolMask, picture: RgbFrame) -> BoolMask:
    bounds = mask_bounds(mask)
    if bounds is None:
        return mask
    left, top, width, height = bounds
    reach = max(3, int(_SURE * max(width, height)))
    rows = slice(max(0, top - 2 * reach), top + height + 2 * reach)
    columns = slice(max(0, left - 2 * reach), left + width + 2 * reach)
    inner = np.ascontiguousarray(mask[rows, columns]).view(np.uint8)
    within = cv2.distanceTransform(np.pad(inner, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    beyond = cv2.distanceTransform(1 - inner, cv2.DIST_L2, 3)
    marks = np.where(inner > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[beyond > reach] = cv2.GC_BGD
    marks[within > min(float(reach), 0.6 * float(within.max()))] = cv2.GC_FGD
    if not (marks % 2 == 0).any():
        return mask
    cv2.setRNGSeed(0)
    colours, others = np.zeros((1, 65)), np.zeros((1, 65))
    crop = np.ascontiguousarray(picture[rows, columns])
    cv2.grabCut(crop, marks, (0, 0, 0, 0), colours, others, 2, cv2.GC_INIT_WITH_MASK)
    found = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    if not _SHRUNK * inner.sum() < found.sum() < _GROWN * inner.sum():
        return mask
    whole = np.zeros_like(mask)
    whole[rows, columns] = found
    return whole
