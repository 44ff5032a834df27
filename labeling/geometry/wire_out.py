"""Shapes on their way out, in the forms that ``labeling.geometry.wire`` lists. Clients use it, too."""

from __future__ import annotations

from typing import Any

import numpy as np

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


def shape_to_json(shape: Shape) -> dict[str, Any]:  # noqa: PLR0911 - one for each shape
    """Return ``shape`` as plain lists, dicts, strings and numbers."""
    match shape:
        case Box():
            return _box_to_json(shape)
        case RotatedBox():
            return {**_box_to_json(shape), "rotation": round(shape.rotation, 3) % 360.0}
        case Polygon():
            return {"polygons": [[_points_to_json(ring) for ring in rings] for rings in shape.polygons]}
        case Bitmask():
            size = {"left": shape.left, "top": shape.top, "width": shape.width, "height": shape.height}
            return {**size, "counts": shape.counts.decode("ascii")}
        case Polyline(visibility=()):
            return {"points": _points_to_json(shape.points)}
        case Polyline():
            return {"points": _points_to_json(shape.points), "visibility": list(map(str, shape.visibility))}
        case Keypoint():
            return {"x": round(shape.x, 3), "y": round(shape.y, 3), "visibility": str(shape.visibility)}
        case Skeleton():
            vertices = zip(_points_to_json(shape.points), shape.visibility, strict=True)
            return {"vertices": [{"x": x, "y": y, "visibility": str(seen)} for (x, y), seen in vertices]}


def _box_to_json(box: Box | RotatedBox) -> dict[str, Any]:
    sizes = {"left": box.left, "top": box.top, "width": box.width, "height": box.height}
    return {name: round(size, 3) for name, size in sizes.items()}


def _points_to_json(points: Points) -> list[list[float]]:
    rounded: list[list[float]] = np.round(points, 3).tolist()
    return rounded
