"""The smallest rotated box around a mask, with an angle that does not jump."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.boxes import wrapped
from labeling.geometry.shapes import BoolMask, Points, RotatedBox

_SLACK = 1.02
"""A box this much larger than the smallest one still counts as smallest."""


def mask_rotated_box(mask: BoolMask, *, previous: RotatedBox | None = None) -> RotatedBox | None:
    """Return the smallest rotated box around the mask's pixels, None when it is empty.

    ``rotation`` lies in 0..360, 360 excluded. Every box has four names (turn by 90 degrees, swap width
    and height), and a round object has many boxes: of all that are as small as the smallest, within
    2 % of the area, the one whose angle is nearest to the previous box's is taken, nearest to upright
    without a previous one.
    """
    hull = _hull(mask)
    if hull is None:
        return None
    wanted = previous.rotation if previous else 0.0
    angles = np.append(_edge_angles(hull), (0.0, wanted))
    centres, sizes = _boxes_at(hull, angles)
    areas = sizes.prod(axis=1)
    turns = _quarter_turn(angles - wanted)
    turns[areas > areas.min() * _SLACK] = np.inf
    best = int(np.abs(turns).argmin())
    rotation = wanted + float(turns[best])
    quarter = round((rotation - float(angles[best])) / 90)
    width, height = sizes[best] if quarter % 2 == 0 else sizes[best][::-1]
    x, y = centres[best]
    return RotatedBox(
        float(x - width / 2), float(y - height / 2), float(width), float(height), wrapped(rotation)
    )


def mask_box_at(mask: BoolMask, *, rotation: float) -> RotatedBox | None:
    """Return the tight box around the mask's pixels that is turned by ``rotation``, None when it is empty."""
    hull = _hull(mask)
    if hull is None:
        return None
    (centre,), (size,) = _boxes_at(hull, np.array([rotation]))
    left, top = (centre - size / 2).tolist()
    width, height = size.tolist()
    return RotatedBox(left, top, width, height, wrapped(rotation))


def _hull(mask: BoolMask) -> Points | None:
    """Return the centres of the pixels ``(n, 2)`` that span the mask, None when it is empty."""
    borders, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not borders:
        return None
    return cv2.convexHull(np.concatenate(borders)).reshape(-1, 2).astype(np.float64) + 0.5


def _edge_angles(hull: Points) -> NDArray[np.float64]:
    """Return the directions of the hull's edges in degrees: the smallest box lies along one of them."""
    edges = np.roll(hull, -1, axis=0) - hull
    return np.rad2deg(np.arctan2(edges[:, 1], edges[:, 0]))


def _quarter_turn(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the angles, in degrees, brought to -45..45 by quarter turns."""
    turned: NDArray[np.float64] = (angles + 45.0) % 90.0 - 45.0
    return turned


def _boxes_at(hull: Points, angles: NDArray[np.float64]) -> tuple[Points, Points]:
    """Return centres and sizes ``(n, 2)`` of boxes around pixels centred at ``hull``, one for each angle."""
    radians = np.deg2rad(angles)
    cos, sin = np.cos(radians), np.sin(radians)
    axes = np.stack((np.stack((cos, sin), 1), np.stack((-sin, cos), 1)), 1)
    reach = axes @ hull.T
    low, high = reach.min(axis=2), reach.max(axis=2)
    # A pixel reaches from its centre to the middles of its sides: the tight box when upright, and
    # neither too wide nor too narrow on a slanted edge, whose pixels are in by their centres.
    pixel = np.maximum(np.abs(cos), np.abs(sin))[:, None]
    centres = np.einsum("nk,nkd->nd", (low + high) / 2, axes)
    return centres, high - low + pixel
