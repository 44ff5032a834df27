"""One object on the next frame: its mask carried by the flow, then corrected by its appearance."""

from __future__ import annotations

import cv2
import numpy as np

from workers.backends.fast.appearance import Appearance
from workers.backends.fast.arrays import Floats, Mask, SoftMask
from workers.backends.fast.flow import PictureMotion
from workers.backends.fast.guided import smooth_along_edges
from workers.backends.fast.region import Region, mask_placement, mask_region
from workers.backends.fast.view import FrameView

_UNTRUSTED = 0.4  # a carried mask counts no more than this where the flow is not to be trusted
_FAR = -6.0


def carried_mask(carried: SoftMask, *, trust: Floats, area: int) -> Mask:
    """Return where the object should be by the flow alone; may be empty.

    ``area``: pixels it had on the frame before. When little is left of it where the flow can be
    trusted, the rest counts too.
    """
    capped = trust * carried + (1 - trust) * np.minimum(carried, _UNTRUSTED)
    mask = cv2.morphologyEx((capped > 0.5).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) > 0
    if mask.sum() < 0.25 * area:
        mask = carried > 0.5
    return np.asarray(mask)


def segment(
    view: FrameView,
    carried: SoftMask,
    expected: Mask,
    *,
    motion: PictureMotion,
    appearance: Appearance,
    usual_area: float,
) -> SoftMask:
    """Return the object's mask on ``view``.

    ``carried`` and ``expected`` (not empty) are its mask by the flow, before and after
    ``carried_mask``; ``usual_area``: pixels it had lately.
    """
    region = mask_region((carried > 0.5) | expected, margin=0.35, least=14)
    radius = max(4, int(0.10 * np.sqrt(usual_area)))
    distance = _signed_distance(region.cut(expected))
    trust = np.asarray(region.cut(cv2.GaussianBlur(motion.trust, (0, 0), 1)))
    prior = np.clip(3 * distance / radius, -7, 3)
    prior = trust * prior + (1 - trust) * np.minimum(prior, -1)
    look = _appearance_in(region, view, distance > -3 * radius, expected, appearance)
    likely = (1 / (1 + np.exp(-0.75 * (prior + 2 * look)))).astype(np.float32)
    sureness = (np.square(2 * likely - 1) * (0.15 + 0.85 * trust) + 0.02).astype(np.float32)
    soft = np.zeros(carried.shape, np.float32)
    region.cut(soft)[...] = smooth_along_edges(likely, weights=sureness, lab=region.cut(view.lab))
    return _without_strays(soft, expected)


def _appearance_in(
    region: Region, view: FrameView, near: Mask, expected: Mask, appearance: Appearance
) -> Floats:
    """Return the appearance's logits over the region: appearance alone may not pull far pixels in."""
    placement = mask_placement(expected).limited(appearance.key_placement)
    rows, columns = np.nonzero(near)
    logits = appearance.near_logits(view, rows + region.top, columns + region.left, placement)
    look = np.full(near.shape, _FAR, np.float32)
    look[rows, columns] = np.clip(logits, -5, 2)
    return look


def _signed_distance(mask: Mask) -> Floats:
    """Return the distance to the mask's edge in pixels, above 0 inside; large where there is no edge."""
    inside = mask.astype(np.uint8)
    within = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
    outside = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3)
    # Without an edge OpenCV's distance is the largest float there is.
    return np.clip(np.where(mask, within, -outside), -1e4, 1e4).astype(np.float32)


def _without_strays(soft: SoftMask, expected: Mask) -> SoftMask:
    """Return ``soft`` without the pieces that hardly touch ``expected`` or are specks."""
    mask = (soft > 0.5).astype(np.uint8)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    if count <= 2:
        return soft
    areas = stats[:, cv2.CC_STAT_AREA]
    overlaps = np.bincount(pieces[expected], minlength=count)
    keep = (overlaps > 0.15 * areas) & (areas > 0.01 * mask.sum())
    keep[0] = True
    return np.where(keep[pieces], soft, np.float32(0.1))
