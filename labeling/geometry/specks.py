"""What a segmenter leaves behind: pieces too small to mean anything, and holes where there are none."""

from __future__ import annotations

import cv2
import numpy as np

from labeling.geometry.shapes import BoolMask


def specks_removed(mask: BoolMask, *, smallest_piece: int = 0, largest_hole: int = 0) -> BoolMask | None:
    """Return the mask without pieces below ``smallest_piece`` pixels and holes up to ``largest_hole`` pixels.

    None when no piece is large enough. Pieces may hang together by corners, holes may not, and what
    touches the frame's border is no hole. Holes are filled first: they count towards their piece.
    """
    whole = mask | _areas_within(~mask, least=1, most=largest_hole, corners=False, enclosed=True)
    large = _areas_within(whole, least=max(1, smallest_piece), most=whole.size, corners=True, enclosed=False)
    return large if large.any() else None


def _areas_within(mask: BoolMask, *, least: int, most: int, corners: bool, enclosed: bool) -> BoolMask:
    """Return the connected areas of ``least`` to ``most`` pixels; ``enclosed``: off the frame's border."""
    if least > most:
        return np.zeros_like(mask)
    height, width = mask.shape
    _, areas, stats, _ = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(mask).view(np.uint8), connectivity=8 if corners else 4
    )
    sizes = stats[:, cv2.CC_STAT_AREA]
    wanted = (sizes >= least) & (sizes <= most)
    if enclosed:
        left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
        right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
        wanted &= (left > 0) & (top > 0) & (right < width) & (bottom < height)
    wanted[0] = False
    return np.asarray(wanted[areas], np.bool_)
