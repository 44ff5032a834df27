"""Masks and shapes, each made from the other."""

from __future__ import annotations

import cv2
import numpy as np

from labeling.geometry.errors import ShapeError
from labeling.geometry.outlines import mask_polygon
from labeling.geometry.packing import shape_kind
from labeling.geometry.raster import box_fill, polygons_fill, rotated_box_fill
from labeling.geometry.rle import rle_decode, rle_encode
from labeling.geometry.rotation import mask_rotated_box
from labeling.geometry.shapes import Bitmask, BoolMask, Box, Points, Polygon, RotatedBox, Shape, ShapeKind

KIND_NAMES = {
    ShapeKind.BOUNDING_BOX: "bounding box",
    ShapeKind.ROTATABLE_BOUNDING_BOX: "rotatable bounding box",
    ShapeKind.POLYGON: "polygon",
    ShapeKind.BITMASK: "bitmask",
    ShapeKind.POLYLINE: "polyline",
    ShapeKind.KEYPOINT: "keypoint",
    ShapeKind.SKELETON: "object primitive",
}
"""What people call the kinds of shape, for sentences."""

AREA_KINDS = frozenset(
    {ShapeKind.BOUNDING_BOX, ShapeKind.ROTATABLE_BOUNDING_BOX, ShapeKind.POLYGON, ShapeKind.BITMASK}
)
"""The kinds that cover pixels, and so can be made from masks and into masks."""


def mask_bounds(mask: BoolMask) -> tuple[int, int, int, int] | None:
    """Return left, top, width, height of the pixels that are set, None when none is."""
    left, top, width, height = cv2.boundingRect(np.ascontiguousarray(mask).view(np.uint8))
    return (left, top, width, height) if width else None


def mask_iou(one: BoolMask, other: BoolMask) -> float:
    """Return intersection over union of two masks of one size, 0..1; 0 when both are empty."""
    shared = int(np.count_nonzero(one & other))
    union = int(np.count_nonzero(one)) + int(np.count_nonzero(other)) - shared
    return shared / union if union else 0.0


def mask_to_bitmask(mask: BoolMask) -> Bitmask | None:
    """Return the mask ``(height, width)`` cropped to its pixels, None when it is empty."""
    bounds = mask_bounds(mask)
    if bounds is None:
        return None
    left, top, width, height = bounds
    return Bitmask(left, top, width, height, rle_encode(mask[top : top + height, left : left + width]))


def bitmask_to_mask(bitmask: Bitmask, *, width: int, height: int) -> BoolMask:
    """Return the mask ``(height, width)`` of the whole frame.

    Raise ``ShapeError`` when the counts do not fit the bitmask's size, or the bitmask not the frame.
    """
    place = _place_in_frame(bitmask, width=width, height=height)
    mask = np.zeros((height, width), np.bool_)
    mask[place] = rle_decode(bitmask.counts, width=bitmask.width, height=bitmask.height)
    return mask


def _place_in_frame(bitmask: Bitmask, *, width: int, height: int) -> tuple[slice, slice]:
    """Return rows and columns of the bitmask's box; raise ``ShapeError`` when it leaves the frame."""
    right, bottom = bitmask.left + bitmask.width, bitmask.top + bitmask.height
    if bitmask.left < 0 or bitmask.top < 0 or right > width or bottom > height:
        raise ShapeError(
            f"The bitmask reaches to {right} by {bottom} pixels from {bitmask.left}, {bitmask.top}; "
            f"the frame is {width} by {height}."
        )
    return slice(bitmask.top, bottom), slice(bitmask.left, right)


def shape_to_mask(shape: Shape, *, width: int, height: int) -> BoolMask:
    """Return the mask ``(height, width)`` of a shape: a pixel is in when its centre is.

    What reaches out of the frame is cut off. Raise ``ShapeError`` for shapes without an area.
    """
    match shape:
        case Box():
            return box_fill(shape, width=width, height=height)
        case RotatedBox():
            return rotated_box_fill(shape, width=width, height=height)
        case Polygon():
            return polygons_fill(shape.polygons, width=width, height=height)
        case Bitmask():
            return bitmask_to_mask(shape, width=width, height=height)
        case _:
            raise ShapeError(f"A {KIND_NAMES[shape_kind(shape)]} covers no area, so it has no mask.")


def mask_to_shape(
    mask: BoolMask,
    kind: ShapeKind,
    *,
    previous: Shape | None = None,
    max_points: int = 200,
    tolerance: float = 0.0,
) -> Shape | None:
    """Return the shape of ``kind`` around a mask ``(height, width)``, None when the mask is empty.

    A polygon keeps holes and pieces, strays from the mask's outline by ``tolerance`` pixels at most and has
    at most ``max_points`` (at least 4) points in all, for which it strays further where need be; a box is
    tight; a rotated box is the smallest one, its angle the nearest to ``previous`` (used when that is
    a rotated box too); a bitmask keeps every pixel. Raise ``ShapeError`` for kinds without an area.
    """
    if kind not in AREA_KINDS:
        raise ShapeError(f"A {KIND_NAMES[kind]} covers no area, so no mask can become one.")
    bounds = mask_bounds(mask)
    if bounds is None:
        return None
    left, top, width, height = bounds
    if kind is ShapeKind.BOUNDING_BOX:
        return Box(float(left), float(top), float(width), float(height))
    crop = np.ascontiguousarray(mask[top : top + height, left : left + width])
    if kind is ShapeKind.BITMASK:
        return Bitmask(left, top, width, height, rle_encode(crop))
    if kind is ShapeKind.POLYGON:
        polygon = mask_polygon(crop, max_points=max_points, tolerance=tolerance)
        return polygon and _polygon_moved(polygon, by=np.array([left, top], np.float64))
    before = previous if isinstance(previous, RotatedBox) else None
    box = mask_rotated_box(crop, previous=before)
    return box and RotatedBox(box.left + left, box.top + top, box.width, box.height, box.rotation)


def _polygon_moved(polygon: Polygon, *, by: Points) -> Polygon:
    return Polygon(tuple(tuple(ring + by for ring in rings) for rings in polygon.polygons))
