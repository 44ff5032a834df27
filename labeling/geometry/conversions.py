"""Shapes made into other shapes, as far as that makes sense.

======================  =============================================================================
from                    to
======================  =============================================================================
anything with an area   box, rotatable box, polygon, bitmask; keypoint: its centre
polygon                 also polyline: the ring of a polygon that has one
polyline                as the polygon that it encloses; box: what it spans
skeleton                box: what its visible vertices span; keypoint: their centre
======================  =============================================================================

Nothing becomes an object primitive: nobody knows where its vertices are.
"""

from __future__ import annotations

import numpy as np
import shapely

from labeling.geometry.boxes import box_clip, points_bounds, rotated_corners, shape_bounds, wrapped
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import AREA_KINDS, KIND_NAMES, mask_to_shape, shape_to_mask
from labeling.geometry.packing import shape_kind
from labeling.geometry.shapes import (
    Box,
    Keypoint,
    Points,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
)

SMALLEST = 1e-3
"""Pixels: what is thinner has no area."""


def shape_convert(shape: Shape, kind: ShapeKind, *, width: int, height: int, max_points: int = 200) -> Shape:
    """Return ``shape`` as one of ``kind`` on a frame of ``width`` by ``height`` pixels.

    What reaches out of the frame is cut off. ``max_points`` bounds the points of a polygon that is made
    of pixels. Raise ``ShapeError`` with a sentence that names both shapes where it cannot be done.
    """
    if shape_kind(shape) is kind:
        return shape
    made = _made(shape, kind, width=width, height=height, max_points=max_points)
    if made is None:
        raise ShapeError(f"{_named(shape).capitalize()} cannot become {_article(KIND_NAMES[kind])}.")
    return made


def _made(shape: Shape, kind: ShapeKind, *, width: int, height: int, max_points: int) -> Shape | None:
    """Return the shape of ``kind``, None when there is no way from one to the other."""
    if kind is ShapeKind.BOUNDING_BOX:
        return _to_box(shape, width, height)
    if kind is ShapeKind.KEYPOINT:
        return _to_keypoint(shape, width, height)
    if kind is ShapeKind.POLYLINE:
        return _to_polyline(shape)
    if kind not in AREA_KINDS or isinstance(shape, Skeleton | Keypoint):
        return None
    if isinstance(shape, Polyline):
        shape = _enclosed(shape)
    return _area_to_area(shape, kind, width=width, height=height, max_points=max_points)


def _area_to_area(shape: Shape, kind: ShapeKind, *, width: int, height: int, max_points: int) -> Shape | None:
    if shape_kind(shape) is kind:
        return shape
    if isinstance(shape, Box) and kind is ShapeKind.ROTATABLE_BOUNDING_BOX:
        return RotatedBox(shape.left, shape.top, shape.width, shape.height, 0.0)
    if isinstance(shape, Box | RotatedBox) and kind is ShapeKind.POLYGON:
        return _corners_polygon(shape, width, height)
    if isinstance(shape, Polygon) and kind is ShapeKind.ROTATABLE_BOUNDING_BOX:
        return _smallest_box(shape)
    mask = shape_to_mask(shape, width=width, height=height)
    made = mask_to_shape(mask, kind, max_points=max_points)
    if made is None:
        name = _named(shape).capitalize()
        raise ShapeError(f"{name} that covers no pixel's centre cannot become {_article(KIND_NAMES[kind])}.")
    return made


def _to_box(shape: Shape, width: int, height: int) -> Box | None:
    if isinstance(shape, Keypoint):
        return None
    bounds = points_bounds(_seen(shape)) if isinstance(shape, Skeleton) else shape_bounds(shape)
    box = box_clip(bounds, width=width, height=height)
    if box is None or box.width < SMALLEST or box.height < SMALLEST:
        raise ShapeError(f"{_named(shape).capitalize()} that spans no area cannot become a bounding box.")
    return box


def _to_keypoint(shape: Shape, width: int, height: int) -> Keypoint | None:
    if isinstance(shape, Polyline):
        return None
    bounds = points_bounds(_seen(shape)) if isinstance(shape, Skeleton) else shape_bounds(shape)
    x = min(max(bounds.left + bounds.width / 2, 0.0), float(width))
    y = min(max(bounds.top + bounds.height / 2, 0.0), float(height))
    return Keypoint(x, y)


def _to_polyline(shape: Shape) -> Polyline | None:
    if not isinstance(shape, Polygon):
        return None
    if len(shape.polygons) > 1 or len(shape.polygons[0]) > 1:
        raise ShapeError("A polygon of several rings cannot become a polyline.")
    ring = shape.polygons[0][0]
    return Polyline(np.vstack([ring, ring[:1]]))


def _enclosed(line: Polyline) -> Polygon:
    """Return the polygon that the line encloses when its ends are joined."""
    points = line.points
    ring = points[:-1] if (points[0] == points[-1]).all() else points
    if len(np.unique(ring, axis=0)) < 3 or shapely.convex_hull(shapely.MultiPoint(ring)).area < SMALLEST:
        raise ShapeError("A polyline that encloses no area cannot become a shape that has one.")
    return Polygon(((ring,),))


def _corners_polygon(box: Box | RotatedBox, width: int, height: int) -> Polygon:
    """Return the part of a box that lies in the frame, as a polygon."""
    turned = box if isinstance(box, RotatedBox) else RotatedBox(box.left, box.top, box.width, box.height, 0.0)
    frame = shapely.box(0.0, 0.0, float(width), float(height))
    inside = shapely.Polygon(rotated_corners(turned)).intersection(frame)
    if not isinstance(inside, shapely.Polygon) or inside.area < SMALLEST**2:
        raise ShapeError(f"{_named(box).capitalize()} outside the frame cannot become a polygon.")
    return Polygon(((shapely.get_coordinates(inside.exterior)[:-1],),))


def _smallest_box(polygon: Polygon) -> RotatedBox:
    """Return the smallest rotated box around the points of the polygon."""
    points = np.vstack([rings[0] for rings in polygon.polygons])
    around = shapely.minimum_rotated_rectangle(shapely.MultiPoint(points))
    corners = shapely.get_coordinates(around)
    if len(corners) < 4:
        raise ShapeError("A polygon that spans no area cannot become a rotatable bounding box.")
    along, across = corners[1] - corners[0], corners[2] - corners[1]
    if _clockwise(along, across) < 0:
        along, across = across, along
    centre = corners[:4].mean(axis=0)
    width, height = float(np.hypot(*along)), float(np.hypot(*across))
    rotation = wrapped(float(np.degrees(np.arctan2(along[1], along[0]))))
    return RotatedBox(float(centre[0]) - width / 2, float(centre[1]) - height / 2, width, height, rotation)


def _clockwise(along: Points, across: Points) -> float:
    """Above zero when ``across`` lies a quarter turn clockwise on screen from ``along``."""
    return float(along[0] * across[1] - along[1] * across[0])


def _seen(skeleton: Skeleton) -> Points:
    """Return the vertices that are not lost, all when all are."""
    seen = [one is not Visibility.INVISIBLE for one in skeleton.visibility]
    return skeleton.points[seen] if any(seen) else skeleton.points


def _named(shape: Shape) -> str:
    return _article(KIND_NAMES[shape_kind(shape)])


def _article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
