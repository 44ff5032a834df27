"""One shape out of two that were found for the same object on the same frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.between import shape_between
from labeling.geometry.boxes import box_iou, shape_bounds
from labeling.geometry.edges import edge_distances
from labeling.geometry.masks import mask_bounds, mask_to_shape, shape_to_mask
from labeling.geometry.packing import shape_kind
from labeling.geometry.shapes import (
    Bitmask,
    BoolMask,
    Box,
    Keypoint,
    Polygon,
    RotatedBox,
    Shape,
    Skeleton,
    Visibility,
)

_SAME_BOX = 0.3
"""IoU from which two boxes hold the same thing, so that the box between them does, too."""
_SAME_PLACE = 0.02
"""Of the frame's diagonal: edges and points that lie apart by less are one, seen with small errors."""


def shapes_blend(first: Shape, second: Shape, *, weight: float, width: int, height: int) -> Shape | None:
    """Return the shape that ``second`` has ``weight`` (0..1) in, on a ``width`` x ``height`` frame.

    Both are of one kind. Where they agree roughly the result lies between them; where they do not,
    the weightier one is right: the mean of two different places is no place. Of masks and skeletons
    this is decided part by part. None where nothing is left of two masks.
    """
    reach = _SAME_PLACE * float(np.hypot(width, height))
    if isinstance(first, (Polygon, Bitmask)):
        mask = masks_blend(
            shape_to_mask(first, width=width, height=height),
            shape_to_mask(second, width=width, height=height),
            weight=weight,
            reach=reach,
        )
        return mask_to_shape(mask, shape_kind(first), previous=first)
    if isinstance(first, Skeleton) and isinstance(second, Skeleton):
        return _skeletons_blend(first, second, weight=weight, reach=reach)
    return _blend_or_choose(first, second, weight=weight, reach=reach)


def _blend_or_choose(first: Shape, second: Shape, *, weight: float, reach: float) -> Shape:
    if _agree(first, second, reach=reach):
        return shape_between(first, second, weight)
    return second if weight > 0.5 else first


def _skeletons_blend(first: Skeleton, second: Skeleton, *, weight: float, reach: float) -> Skeleton:
    """Blend vertex by vertex: one that only one side lost is told by the weightier side."""
    vertices = [
        _blend_or_choose(one, other, weight=weight, reach=reach)
        for one, other in zip(_vertices(first), _vertices(second), strict=True)
    ]
    placed = [vertex for vertex in vertices if isinstance(vertex, Keypoint)]
    points = np.array([(vertex.x, vertex.y) for vertex in placed])
    return Skeleton(points, tuple(vertex.visibility for vertex in placed))


def _vertices(skeleton: Skeleton) -> list[Keypoint]:
    pairs = zip(skeleton.points.tolist(), skeleton.visibility, strict=True)
    return [Keypoint(x, y, visibility) for (x, y), visibility in pairs]


def masks_blend(first: BoolMask, second: BoolMask, *, weight: float, reach: float) -> BoolMask:
    """Return the mask that ``second`` has ``weight`` in; both are ``(height, width)``.

    Where the edges lie within ``reach`` pixels of each other, the edge runs between them: the signed
    distances to the edges are weighed. Elsewhere the weightier mask is right.
    """
    blended = np.zeros_like(first)
    bounds = mask_bounds(first | second)
    if bounds is None:
        return blended
    left, top, wide, high = bounds
    window = slice(max(0, top - 1), top + high + 1), slice(max(0, left - 1), left + wide + 1)
    one, other = edge_distances(first[window]), edge_distances(second[window])
    between = (1 - weight) * one + weight * other > 0
    blended[window] = np.where(np.abs(one - other) <= reach, between, (other if weight > 0.5 else one) > 0)
    return blended


def _agree(first: Shape, second: Shape, *, reach: float) -> bool:
    """Say whether both lie where the same object may be seen with small errors; ``reach`` in pixels."""
    one, other = shape_bounds(first), shape_bounds(second)
    if isinstance(first, Keypoint) and isinstance(second, Keypoint) and _lost(first) != _lost(second):
        return False
    if isinstance(first, (Box, RotatedBox)):
        return box_iou(one, other) >= _SAME_BOX
    apart = np.abs(_corners(one) - _corners(other)).max()
    return bool(apart <= reach)


def _lost(point: Keypoint) -> bool:
    return point.visibility == Visibility.INVISIBLE


def _corners(box: Box) -> NDArray[np.float64]:
    return np.array([box.left, box.top, box.left + box.width, box.top + box.height])
