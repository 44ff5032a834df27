"""One shape as Encord writes it: fractions of the frame, masks as row-major RLE of the whole frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from labeling.geometry.rle import rle_in_frame
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

DECIMALS = 9
"""Of a fraction: a hundred-thousandth of a pixel in a frame of 10,000."""

# The visibility that the COCO export of the SDK reads, besides the newer "visibility".
_LEGACY_FLAG = {
    Visibility.INVISIBLE: "invisible",
    Visibility.OCCLUDED: "occluded",
    Visibility.SELF_OCCLUDED: "selfOccluded",
}


def encord_members(  # noqa: PLR0911 - one for each shape
    shape: Shape, *, width: int, height: int, vertices: Sequence[Mapping[str, object]] = ()
) -> Members:
    """Return the geometric members of a label, for a frame of ``width`` by ``height`` pixels.

    ``vertices`` are those of the skeleton's template (``encord_ontology.skeleton_vertices``).
    """
    size = (width, height)
    match shape:
        case Box():
            return {"boundingBox": _box(shape, size)}
        case RotatedBox():
            return {"rotatableBoundingBox": {**_box(shape, size), "theta": round(shape.rotation, 3)}}
        case Polygon():
            outlines = [[_fractions(ring, size) for ring in rings] for rings in shape.polygons]
            return {
                "polygon": _numbered(outlines[0][0]),
                "polygons": [[ring.ravel().tolist() for ring in rings] for rings in outlines],
            }
        case Bitmask():
            rle_string = rle_in_frame(shape, width=width, height=height, order="rows")
            whole = {"top": 0, "left": 0, "height": height, "width": width}
            return {"bitmask": {**whole, "rleString": rle_string}}
        case Polyline():
            return {"polyline": _numbered(_fractions(shape.points, size))}
        case Keypoint():
            return {"point": _numbered(_fractions(np.array([[shape.x, shape.y]]), size))}
        case Skeleton():
            return {"skeleton": _skeleton(shape, vertices, size)}


def _fractions(points: Points, size: tuple[int, int]) -> Points:
    fractions: Points = np.round(points / np.array(size, np.float64), DECIMALS)
    return fractions


def _numbered(points: Points) -> dict[str, dict[str, float]]:
    return {str(place): {"x": x, "y": y} for place, (x, y) in enumerate(points.tolist())}


def _box(box: Box | RotatedBox, size: tuple[int, int]) -> dict[str, float]:
    corner_and_size = np.array([[box.left, box.top], [box.width, box.height]])
    (x, y), (w, h) = _fractions(corner_and_size, size).tolist()
    return {"h": h, "w": w, "x": x, "y": y}


def _skeleton(
    skeleton: Skeleton, vertices: Sequence[Mapping[str, object]], size: tuple[int, int]
) -> dict[str, Members]:
    points = _fractions(skeleton.points, size).tolist()
    written: dict[str, Members] = {}
    for place, ((x, y), seen, vertex) in enumerate(zip(points, skeleton.visibility, vertices, strict=True)):
        written[str(place)] = {**vertex, "x": x, "y": y, "visibility": str(seen)}
        if seen in _LEGACY_FLAG:
            written[str(place)][_LEGACY_FLAG[seen]] = True
    return written
