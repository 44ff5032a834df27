"""One step of a draft: the mask so far and the points, judged anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Points
from workers.backends.classical.arrays import Floats, Mask, SoftMask
from workers.backends.classical.evidence import Clicks, WindowView
from workers.backends.classical.judge import judged
from workers.backends.classical.window import SIDE, Window
from workers.backends.fast.guided import smooth_by_weight

_SPECK = 0.04  # of the mask: pieces below it go, unless a point is on them
_EDGE_RADIUS = 8  # window pixels
_POINT_WEIGHT = 20.0  # against 1 for a pixel that the evidence is sure of


@dataclass(frozen=True)
class Draft:
    """The soft mask of an object, of a window of the picture. ``confidence``: 0..1."""

    NBYTES: ClassVar[int] = 4 * SIDE * SIDE

    window: Window
    soft: SoftMask
    confidence: float


def draft_next(
    view: WindowView, previous: Draft | None, *, points: Points, include: NDArray[np.bool_]
) -> Draft:
    """Return the draft after all points ``(n, 2)``; ``previous`` is the one before the last of them."""
    window = view.window
    clicks = Clicks(window.inwards(points), include)
    before = None if previous is None else window.moved_in(previous.soft, previous.window)
    likely = judged(view.evidence(clicks, before))
    soft = _settled(likely, view=view, clicks=clicks)
    return Draft(window=window, soft=soft, confidence=_expected_overlap(likely, soft > 0.5))


def _expected_overlap(likely: SoftMask, mask: Mask) -> float:
    """Return the IoU that the mask would have if each pixel were of the object as likely as was judged."""
    union = float(mask.sum()) + float(likely[~mask].sum())
    return float(likely[mask].sum()) / union if mask.any() else 0.0


def _settled(likely: SoftMask, *, view: WindowView, clicks: Clicks) -> SoftMask:
    """Return the mask drawn along the picture's edges, true to every point, without specks."""
    certain = clicks.certain()
    weights: Floats = (np.square(2 * likely - 1) + 0.02).astype(np.float32)
    weights[certain != 0] = _POINT_WEIGHT
    values = np.where(certain == 0, likely, certain > 0).astype(np.float32)
    soft = smooth_by_weight(values, weights=weights, lab=view.lab, radius=_EDGE_RADIUS)
    soft = np.where(certain == 0, soft, certain > 0).astype(np.float32)
    mask = (soft > 0.5).astype(np.uint8)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    keep = stats[:, cv2.CC_STAT_AREA] > _SPECK * mask.sum()
    keep[pieces[certain > 0]] = True
    return np.where(keep[pieces], soft, np.minimum(soft, 0.1)).astype(np.float32) if count > 2 else soft
