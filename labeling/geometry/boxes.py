"""Upright and rotated boxes, and the bounds of every shape."""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Points,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
)


def wrapped(degrees: float) -> float:
    """Return the angle in 0..360, 360 excluded."""
    # The remainder of a hair below zero is rounded to 360 itself.
    return degrees % 360.0 % 360.0


def rotated_corners(box: RotatedBox) -> Points:
    """Return the four corners ``(4, 2)``: top-left, top-right, bottom-right, bottom-left before the turn."""
    angle = np.deg2rad(box.rotation)
    cos, sin = np.cos(angle), np.sin(angle)
    half = np.array([box.width, box.height]) / 2
    centre = np.array([box.left, box.top]) + half
    offsets = half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    # y points down, so this matrix turns clockwise on screen.
    corners: Points = centre + offsets @ np.array([[cos, sin], [-sin, cos]])
    return corners


def points_bounds(points: Points) -> Box:
    """Return the box around points ``(n, 2)``, n ≥ 1; it has no width or height when they lie in line."""
    left, top = points.min(axis=0).tolist()
    right, bottom = points.max(axis=0).tolist()
    return Box(left, top, right - left, bottom - top)


def shape_bounds(shape: Shape) -> Box:
    """Return the upright box around any shape, in pixels, not clipped to the frame."""
    match shape:
        case Box():
            return shape
        case RotatedBox():
            return points_bounds(rotated_corners(shape))
        case Polygon():
            return points_bounds(np.concatenate(list(chain.from_iterable(shape.polygons))))
        case Bitmask():
            return Box(float(shape.left), float(shape.top), float(shape.width), float(shape.height))
        case Polyline() | Skeleton():
            return points_bounds(shape.points)
        case Keypoint():
            return Box(shape.x, shape.y, 0.0, 0.0)


def box_iou(first: Box, second: Box) -> float:
    """Return intersection over union, 0..1; 0 when both are without area."""
    wide = min(first.left + first.width, second.left + second.width) - max(first.left, second.left)
    high = min(first.top + first.height, second.top + second.height) - max(first.top, second.top)
    shared = max(wide, 0.0) * max(high, 0.0)
    union = first.width * first.height + second.width * second.height - shared
    return shared / union if union > 0 else 0.0


def box_ious(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the IoU ``(n, m)`` of all pairs of boxes ``(n, 4)``, ``(m, 4)``: left, top, width, height."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum((first[:, :2] + first[:, 2:])[:, None], (second[:, :2] + second[:, 2:])[None])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    union = first[:, 2:].prod(axis=1)[:, None] + second[:, 2:].prod(axis=1)[None] - shared
    ious: NDArray[np.float64] = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return ious


def box_clip(box: Box, *, width: float, height: float) -> Box | None:
    """Return the part of the box inside the frame, None when nothing of it is."""
    left, top = max(box.left, 0.0), max(box.top, 0.0)
    right, bottom = min(box.left + box.width, width), min(box.top + box.height, height)
    if right <= left or bottom <= top:
        return None
    return Box(left, top, right - left, bottom - top)
