"""Shapes moved over the picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
)


def shape_translate(shape: Shape, *, dx: float, dy: float) -> Shape:
    """Return ``shape`` moved by ``dx, dy`` pixels; a bitmask moves by whole pixels."""
    offset = np.array([dx, dy])
    match shape:
        case Box() | RotatedBox():
            return replace(shape, left=shape.left + dx, top=shape.top + dy)
        case Bitmask():
            return replace(shape, left=shape.left + round(dx), top=shape.top + round(dy))
        case Keypoint():
            return replace(shape, x=shape.x + dx, y=shape.y + dy)
        case Polygon():
            moved = (tuple(ring + offset for ring in rings) for rings in shape.polygons)
            return Polygon(tuple(moved))
        case Polyline():
            return Polyline(shape.points + offset, shape.visibility)
        case Skeleton():
            return Skeleton(shape.points + offset, shape.visibility)


def shape_keep_inside(shape: Shape, *, dx: float, dy: float, width: int, height: int) -> Shape:
    """Return ``shape`` moved by ``dx, dy``, stopped at the edges of a ``width`` x ``height`` picture.

    A shape that is larger than the picture, or that reaches out of it already, does not move
    further out.
    """
    bounds = shape_bounds(shape)
    return shape_translate(
        shape,
        dx=_stopped(dx, first=bounds.left, last=bounds.left + bounds.width, size=width),
        dy=_stopped(dy, first=bounds.top, last=bounds.top + bounds.height, size=height),
    )


def _stopped(distance: float, *, first: float, last: float, size: int) -> float:
    return min(max(distance, min(0.0, -first)), max(0.0, size - last))
