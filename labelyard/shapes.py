"""The API's shapes as arrays, and back. The forms are those of ``labeling.geometry.wire``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.rle import rle_decode, rle_encode
from labeling.geometry.shapes import (
    Bitmask,
    BoolMask,
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
from labelyard.errors import LabelyardError

Numbers = NDArray[np.float64]
NOWHERE = np.full(4, np.nan)


def shape_of(told: Mapping[str, Any]) -> Shape:
    """Return the shape that the server told. Each form is known by its members."""
    if "counts" in told:
        size = (told["left"], told["top"], told["width"], told["height"])
        return Bitmask(*size, told["counts"].encode("ascii"))
    if "left" in told:
        box = (told["left"], told["top"], told["width"], told["height"])
        return RotatedBox(*box, told["rotation"]) if "rotation" in told else Box(*box)
    if "polygons" in told:
        return Polygon(tuple(tuple(points(ring) for ring in rings) for rings in told["polygons"]))
    if "points" in told:
        return Polyline(points(told["points"]), seen(told.get("visibility", ())))
    if "vertices" in told:
        vertices = told["vertices"]
        places = points([[one["x"], one["y"]] for one in vertices])
        return Skeleton(places, seen([one["visibility"] for one in vertices]))
    if "x" in told:
        return Keypoint(told["x"], told["y"], Visibility(told["visibility"]))
    sentence = f"This client knows no shape with the members {', '.join(told)}; a newer one may."
    raise LabelyardError("unknown_shape", sentence)


def points(pairs: Sequence[Sequence[float]]) -> Points:
    return np.asarray(pairs, np.float64).reshape(-1, 2)


def seen(words: Sequence[str]) -> tuple[Visibility, ...]:
    return tuple(map(Visibility, words))


def shape_bounds(shape: Shape | None) -> Numbers:
    """Return left, top, width, height of the upright box around a shape; NaN for None."""
    match shape:
        case None:
            return NOWHERE
        case Box() | Bitmask():
            return np.array([shape.left, shape.top, shape.width, shape.height], np.float64)
        case _:
            places = shape_points(shape)
            low, high = places.min(axis=0), places.max(axis=0)
            return np.concatenate([low, high - low])


def shape_points(shape: Shape) -> Points:
    """Return the points of a shape, ``(n, 2)``: corners of boxes clockwise, all rings of a polygon."""
    match shape:
        case Box() | Bitmask():
            return corners(shape)
        case RotatedBox():
            angle = np.deg2rad(shape.rotation)
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            centre = np.array([shape.left + shape.width / 2, shape.top + shape.height / 2])
            turned: Points = (corners(shape) - centre) @ turn + centre
            return turned
        case Polygon():
            return np.concatenate([ring for rings in shape.polygons for ring in rings])
        case Keypoint():
            return np.array([[shape.x, shape.y]])
        case Polyline() | Skeleton():
            return shape.points


def corners(box: Box | RotatedBox | Bitmask) -> Points:
    right, bottom = box.left + box.width, box.top + box.height
    return np.array([[box.left, box.top], [right, box.top], [right, bottom], [box.left, bottom]], np.float64)


def shape_mask(shape: Shape, *, width: int, height: int) -> BoolMask:
    """Return the mask ``(height, width)`` of a shape with an area; a pixel is in when its centre is.

    Bitmasks need nothing but this client; boxes and polygons are filled by OpenCV, which the extra
    ``labelyard[masks]`` brings. Raises ``no_opencv``, ``no_area``.
    """
    if isinstance(shape, Bitmask):
        mask = np.zeros((height, width), np.bool_)
        crop = rle_decode(shape.counts, width=shape.width, height=shape.height)
        mask[shape.top : shape.top + shape.height, shape.left : shape.left + shape.width] = crop
        return mask
    if not isinstance(shape, Box | RotatedBox | Polygon):
        raise LabelyardError("no_area", f"A {type(shape).__name__} covers no area, so it has no mask.")
    try:
        from labeling.geometry.masks import shape_to_mask
    except ImportError as error:
        sentence = "Masks of boxes and polygons need OpenCV: install labelyard[masks]."
        raise LabelyardError("no_opencv", sentence) from error
    return shape_to_mask(shape, width=width, height=height)


def polygon_of(
    outer: Sequence[Sequence[float]] | Points, *holes: Sequence[Sequence[float]] | Points
) -> Polygon:
    """Return a polygon of its outer ring and its holes, each a list of points (x, y) in pixels."""
    return Polygon((tuple(np.asarray(ring, np.float64).reshape(-1, 2) for ring in (outer, *holes)),))


def bitmask_of(mask: NDArray[np.bool_]) -> Bitmask:
    """Return a mask ``(height, width)`` of a whole frame as the shape that the API takes.

    Raises ``empty_mask`` when no pixel is set.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        raise LabelyardError(
            "empty_mask", "The mask has no pixel, so it is no label; mark the object absent."
        )
    top, left = int(rows[0]), int(columns[0])
    crop = mask[top : rows[-1] + 1, left : columns[-1] + 1]
    return Bitmask(left, top, crop.shape[1], crop.shape[0], rle_encode(crop))
