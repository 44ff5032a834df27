"""One object on the next frame: the network's answer to the evidence, without stray pieces."""

from __future__ import annotations

import cv2
import numpy as np

from workers.backends.fast.arrays import Mask, SoftMask
from workers.backends.fast.evidence import Evidence
from workers.backends.fast.guided import smooth_along_edges
from workers.backends.fast.network import Prediction
from workers.backends.fast.region import mask_region
from workers.backends.fast.view import FrameView

_STRAY = 0.1  # what is left of the likelihood of a stray piece
_EDGE = 6  # pixels around the mask that the outline is drawn in


def segmented(evidence: Evidence, prediction: Prediction) -> SoftMask:
    """Return the object's mask on the working picture."""
    height, width = evidence.carried.shape
    soft = evidence.window.paste(prediction.mask, shape=(height, width))
    return _without_strays(soft, evidence.carried)


def outlined(soft: SoftMask, view: FrameView) -> SoftMask:
    """Return the mask with its edge along those of the picture; not empty above 0.5."""
    region = mask_region(soft > 0.5, least=_EDGE)
    outline = soft.copy()
    region.cut(outline)[...] = smooth_along_edges(region.cut(soft), lab=region.cut(view.lab))
    return outline


def _without_strays(soft: SoftMask, carried: Mask) -> SoftMask:
    """Return ``soft`` without the pieces that hardly touch ``carried`` or are specks."""
    mask = (soft > 0.5).astype(np.uint8)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    if count <= 2:
        return soft
    areas = stats[:, cv2.CC_STAT_AREA]
    overlaps = np.bincount(pieces[carried], minlength=count)
    keep = (overlaps > 0.15 * areas) & (areas > 0.01 * mask.sum())
    keep[0] = True
    return np.where(keep[pieces], soft, np.minimum(soft, np.float32(_STRAY)))
