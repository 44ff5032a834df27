"""How much of a frame a shape covers."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from labeling.geometry.boxes import rotated_corners
from labeling.geometry.rle import rle_area
from labeling.geometry.shapes import Bitmask, Box, Polygon, RotatedBox, Shape


def shape_share(shape: Shape, *, width: int, height: int) -> float | None:
    """Return the covered share of a frame, 0..1; None for shapes without an area.

    What reaches out of the frame does not count; rings that cross count as their valid form does.
    """
    area: BaseGeometry
    match shape:
        case Bitmask():
            return rle_area(shape.counts) / (width * height)
        case Box():
            across = min(shape.left + shape.width, width) - max(shape.left, 0)
            down = min(shape.top + shape.height, height) - max(shape.top, 0)
            return max(across, 0) * max(down, 0) / (width * height)
        case RotatedBox():
            area = shapely.Polygon(rotated_corners(shape))
        case Polygon():
            pieces = [shapely.Polygon(rings[0], rings[1:]) for rings in shape.polygons]
            area = shapely.union_all([shapely.make_valid(piece) for piece in pieces])
        case _:
            return None
    return float(area.intersection(shapely.box(0, 0, width, height)).area) / (width * height)
