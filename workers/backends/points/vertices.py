"""Shapes made of points, as the vertices that are followed."""

from __future__ import annotations

import numpy as np

from labeling.geometry.packing import shape_kind
from labeling.geometry.shapes import BoolMask, Keypoint, Points, Polyline, Shape, Skeleton, Visibility
from workers.backends.base import BackendError

PointShape = Polyline | Keypoint | Skeleton
"""The kinds of shape that are followed point by point."""


def shape_vertices(shape: Shape) -> tuple[Points, tuple[Visibility, ...]]:
    """Return where the vertices are, ``(n, 2)`` in pixels of the picture, and the visibility of each.

    Raises BackendError for shapes that are not made of points.
    """
    match shape:
        case Keypoint():
            return np.array([[shape.x, shape.y]], np.float64), (shape.visibility,)
        case Skeleton():
            return np.asarray(shape.points, np.float64), shape.visibility
        case Polyline():
            return np.asarray(shape.points, np.float64), shape.visibilities
        case _:
            raise BackendError(f"A {shape_kind(shape)} is not made of points that could be followed.")


def shape_with_vertices(
    seed: PointShape, places: Points, *, seen: BoolMask, width: int, height: int
) -> PointShape:
    """Return the shape of the seed's kind with its vertices at ``places`` (pixels of the picture).

    A vertex that the seed shows and that is not ``seen`` is INVISIBLE: it is marked, and stands where the
    others say it should be, moved to the edge where that is outside the picture. A vertex that the seed
    itself does not show stays what it is.
    """
    inside = np.clip(places, 0.0, (width, height))
    visibility = tuple(
        Visibility.INVISIBLE if before is Visibility.VISIBLE and not now else before
        for before, now in zip(shape_vertices(seed)[1], seen.tolist(), strict=True)
    )
    match seed:
        case Keypoint():
            return Keypoint(float(inside[0, 0]), float(inside[0, 1]), visibility[0])
        case Skeleton():
            return Skeleton(inside, visibility)
        case Polyline():
            return Polyline(inside, visibility)
