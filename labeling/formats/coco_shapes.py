"""One shape as the geometric members of a COCO annotation.

https://cocodataset.org/#format-data. COCO has the same pixels and the same origin as we have.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from shapely import Polygon as Area

from labeling.geometry.boxes import box_clip, points_bounds, rotated_corners, shape_bounds
from labeling.geometry.masks import mask_to_bitmask, shape_to_mask
from labeling.geometry.rle import rle_area, rle_in_frame
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
    Visibility,
)

Members = dict[str, Any]

_COCO_VISIBILITY = {
    Visibility.VISIBLE: 2,
    Visibility.OCCLUDED: 1,
    Visibility.SELF_OCCLUDED: 1,
    Visibility.INVISIBLE: 0,
}


def coco_members(shape: Shape, *, width: int, height: int, exact_masks: bool) -> Members | None:
    """Return ``bbox``, ``area``, ``segmentation`` or keypoints; None for what COCO has no form for.

    ``exact_masks`` writes polygons and rotated boxes as RLE of our masks; otherwise only polygons with
    holes are, which COCO's lists of points cannot hold, and other outlines stay lists of points. What
    reaches out of the frame is cut off the bounding box, and kept in the points.
    """
    match shape:
        case Polyline():
            return None
        case Keypoint():
            return _keypoints(np.array([[shape.x, shape.y]]), (shape.visibility,))
        case Skeleton():
            return _keypoints(shape.points, shape.visibility)
        case Bitmask():
            return _mask_members(shape, width=width, height=height)
    outlines = _outlines(shape)
    with_holes = any(len(rings) > 1 for rings in outlines)
    if with_holes or (exact_masks and not isinstance(shape, Box)):
        bitmask = mask_to_bitmask(shape_to_mask(shape, width=width, height=height))
        # An outline that holds no pixel's centre has no mask, but it is there.
        if bitmask is not None:
            return _mask_members(bitmask, width=width, height=height)
    return _outline_members(shape, outlines, width=width, height=height)


def _outlines(shape: Box | RotatedBox | Polygon) -> Sequence[Sequence[Points]]:
    """Return the rings of each polygon, the outer one first."""
    match shape:
        case Box():
            return [[rotated_corners(RotatedBox(shape.left, shape.top, shape.width, shape.height, 0.0))]]
        case RotatedBox():
            return [[rotated_corners(shape)]]
        case Polygon():
            return shape.polygons


def _mask_members(bitmask: Bitmask, *, width: int, height: int) -> Members:
    return {
        "bbox": [bitmask.left, bitmask.top, bitmask.width, bitmask.height],
        "area": rle_area(bitmask.counts),
        "segmentation": {
            "size": [height, width],
            "counts": rle_in_frame(bitmask, width=width, height=height),
        },
    }


def _outline_members(
    shape: Shape, outlines: Sequence[Sequence[Points]], *, width: int, height: int
) -> Members:
    bounds = shape_bounds(shape)
    outer = [rings[0] for rings in outlines]
    return {
        "bbox": _box_list(box_clip(bounds, width=width, height=height) or bounds),
        "area": round(sum(Area(ring).area for ring in outer), 3),
        "segmentation": [np.round(ring, 3).ravel().tolist() for ring in outer],
    }


def _box_list(box: Box) -> list[float]:
    return [round(size, 3) for size in (box.left, box.top, box.width, box.height)]


def _keypoints(points: Points, visibility: tuple[Visibility, ...]) -> Members:
    """Return keypoints; one that is not visible at all is 0, 0, 0, as COCO writes what is not labeled."""
    codes = [_COCO_VISIBILITY[seen] for seen in visibility]
    marked = np.array(codes) > 0
    triples = [
        [*pair, code] if code else [0, 0, 0]
        for pair, code in zip(np.round(points, 3).tolist(), codes, strict=True)
    ]
    bounds = points_bounds(points[marked] if marked.any() else points)
    return {
        "bbox": _box_list(bounds),
        "area": round(bounds.width * bounds.height, 3),
        "keypoints": list(chain.from_iterable(triples)),
        "num_keypoints": int(marked.sum()),
    }
