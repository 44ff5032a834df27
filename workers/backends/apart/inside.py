"""What belongs to an area."""

from __future__ import annotations

import numpy as np

from labeling.geometry.shapes import BoolMask, Box

INSIDE = 0.8
"""The part of an object that lies in an area when the object belongs to it."""


def lies_in(mask: BoolMask, area: Box) -> bool:
    """Say whether at least 80 % of the mask's pixels have their centres in the area."""
    height, width = mask.shape
    rows = (np.arange(height) + 0.5 >= area.top) & (np.arange(height) + 0.5 <= area.top + area.height)
    columns = (np.arange(width) + 0.5 >= area.left) & (np.arange(width) + 0.5 <= area.left + area.width)
    inside = int(mask[np.ix_(rows, columns)].sum())
    return inside > 0 and inside >= INSIDE * int(mask.sum())
