"""Shapes as the JSON of the API, in pixels of the displayed frame.

=======================  ======================================================================
kind                     value
=======================  ======================================================================
bounding_box             ``{"left", "top", "width", "height"}``
rotatable_bounding_box   the same and ``"rotation"``: degrees, clockwise on screen
polygon                  ``{"polygons": [[outer ring, hole, …], …]}``, a ring ``[[x, y], …]``
bitmask                  ``{"left", "top", "width", "height", "counts"}``, COCO counts of the crop
polyline                 ``{"points": [[x, y], …]}``; ``"visibility"``: one for each point, where not all are
point                    ``{"x", "y", "visibility"}``
skeleton                 ``{"vertices": [{"x", "y", "visibility"}, …]}``
=======================  ======================================================================

Coordinates go out rounded to a thousandth of a pixel.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labeling.geometry.boxes import box_clip, rotated_corners, wrapped
from labeling.geometry.errors import ShapeError
from labeling.geometry.fields import (
    Frame,
    value_fields,
    value_list,
    value_number,
    value_points,
    value_visibilities,
    value_visibility,
)
from labeling.geometry.masks import KIND_NAMES, mask_to_bitmask
from labeling.geometry.rle import rle_decode
from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Points,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
)
from labeling.geometry.wire_out import shape_to_json

__all__ = ["MAX_COUNTS", "MAX_POINTS", "shape_from_json", "shape_to_json"]

MAX_POINTS = 100_000
"""A polygon or polyline of more points is refused."""

MAX_COUNTS = 10_000_000
"""Characters: a bitmask of longer counts is refused."""

_SMALLEST = 1e-3
"""Pixels: sizes are kept to a thousandth, so what is smaller is nothing."""


def shape_from_json(
    kind: ShapeKind, value: object, *, width: int, height: int, vertices: int | None = None
) -> Shape:
    """Return the shape that a caller of the API sent for a frame of ``width`` by ``height`` pixels.

    ``vertices`` is how many the skeleton's template has. What reaches out of the frame by half a pixel
    or less is moved to its edge. A rotated box may reach out of the frame, as long as a part of it is
    inside. Bitmasks come out cropped to their pixels, rings open, rotation in 0..360. Raise
    ``ShapeError`` with a sentence that says what is wrong.
    """
    shape = _READERS[kind](value, Frame(width, height))
    if isinstance(shape, Skeleton) and vertices is not None and len(shape.points) != vertices:
        raise ShapeError(
            f"The object primitive has {len(shape.points)} vertices; its template has {vertices}."
        )
    return shape


def _box_numbers(value: object, *, name: str, more: tuple[str, ...] = ()) -> list[float]:
    """Return left, top, width, height and ``more`` of a box; the sizes are above zero."""
    names = ("left", "top", "width", "height", *more)
    members = value_fields(value, names, of=name)
    numbers = [value_number(members[member], name=f"{name}'s {member}") for member in names]
    if numbers[2] < _SMALLEST or numbers[3] < _SMALLEST:
        raise ShapeError(f"The {name} has no area: it is {numbers[2]:g} by {numbers[3]:g} pixels.")
    return numbers


def _read_box(value: object, frame: Frame) -> Box:
    box = Box(*_box_numbers(value, name="bounding box"))
    clipped = box_clip(box, width=frame.width, height=frame.height)
    if clipped is None:
        raise ShapeError(f"The bounding box lies outside the frame of {frame}.")
    if not (frame.holds(box.left, box.top) and frame.holds(box.left + box.width, box.top + box.height)):
        raise ShapeError(f"The bounding box reaches out of the frame of {frame}.")
    if clipped.width < _SMALLEST or clipped.height < _SMALLEST:
        raise ShapeError(f"The bounding box lies outside the frame of {frame}.")
    return clipped


def _read_rotated_box(value: object, frame: Frame) -> RotatedBox:
    numbers = _box_numbers(value, name="rotatable bounding box", more=("rotation",))
    left, top, width, height, rotation = numbers
    box = RotatedBox(left, top, width, height, wrapped(rotation))
    if not frame.meets(rotated_corners(box)):
        raise ShapeError(f"The rotatable bounding box lies outside the frame of {frame}.")
    return box


def _read_polygon(value: object, frame: Frame) -> Polygon:
    members = value_fields(value, ("polygons",), of="polygon")
    polygons: list[tuple[Points, ...]] = []
    left = MAX_POINTS
    for piece in value_list(members["polygons"], name="polygon's polygons"):
        rings: list[Points] = []
        for ring in value_list(piece, name="polygon's rings"):
            rings.append(_read_ring(ring, frame, most=left))
            left -= len(rings[-1])
        polygons.append(tuple(rings))
    return Polygon(tuple(polygons))


def _read_ring(value: object, frame: Frame, *, most: int) -> Points:
    ring = value_points(value, name="polygon", frame=frame, most=most)
    if len(ring) > 1 and (ring[0] == ring[-1]).all():
        ring = ring[:-1]
    distinct = len(np.unique(ring, axis=0))
    if distinct < 3:
        points = "1 point" if distinct == 1 else f"{distinct} points"
        raise ShapeError(f"The polygon has {points}; it needs at least 3.")
    spokes = ring[1:] - ring[0]
    longest = spokes[np.abs(spokes).sum(axis=1).argmax()]
    # The greatest distance of a point from the line along the longest spoke.
    if np.abs(spokes[:, 0] * longest[1] - spokes[:, 1] * longest[0]).max() < _SMALLEST * np.hypot(*longest):
        raise ShapeError("The polygon has no area: its points lie on one line.")
    return ring


def _read_bitmask(value: object, frame: Frame) -> Bitmask:
    names = ("left", "top", "width", "height", "counts")
    members = value_fields(value, names, of="bitmask")
    left, top, width, height = (
        value_number(members[name], name=f"bitmask's {name}", whole=True) for name in names[:4]
    )
    if width < 1 or height < 1:
        raise ShapeError(f"The bitmask has no area: it is {width:g} by {height:g} pixels.")
    if left < 0 or top < 0 or left + width > frame.width or top + height > frame.height:
        raise ShapeError(f"The bitmask reaches out of the frame of {frame}.")
    counts = members["counts"]
    if not isinstance(counts, str) or not counts.isascii():
        raise ShapeError("The bitmask's counts are not a COCO compressed run-length string.")
    if len(counts) > MAX_COUNTS:
        raise ShapeError(f"The bitmask's counts have {len(counts)} characters; the most is {MAX_COUNTS}.")
    mask = rle_decode(counts.encode("ascii"), width=int(width), height=int(height))
    tight = mask_to_bitmask(mask)
    if tight is None:
        raise ShapeError("The bitmask is empty: no pixel of it is set.")
    return Bitmask(tight.left + int(left), tight.top + int(top), tight.width, tight.height, tight.counts)


def _read_polyline(value: object, frame: Frame) -> Polyline:
    members = value_fields(value, ("points",), optional=("visibility",), of="polyline")
    points = value_points(members["points"], name="polyline", frame=frame, most=MAX_POINTS)
    if len(np.unique(points, axis=0)) < 2:
        raise ShapeError("The polyline has 1 point; it needs at least 2.")
    return Polyline(points, value_visibilities(members, count=len(points), of="polyline"))


def _read_keypoint(value: object, frame: Frame) -> Keypoint:
    members = value_fields(value, ("x", "y"), optional=("visibility",), of="keypoint")
    ((x, y),) = value_points([[members["x"], members["y"]]], name="keypoint", frame=frame, most=1).tolist()
    return Keypoint(x, y, value_visibility(members, of="keypoint"))


def _read_skeleton(value: object, frame: Frame) -> Skeleton:
    name = KIND_NAMES[ShapeKind.SKELETON]
    vertices = value_list(value_fields(value, ("vertices",), of=name)["vertices"], name=f"{name}'s vertices")
    members = [value_fields(vertex, ("x", "y"), optional=("visibility",), of="vertex") for vertex in vertices]
    pairs = [[vertex["x"], vertex["y"]] for vertex in members]
    points = value_points(pairs, name=name, frame=frame, most=MAX_POINTS)
    return Skeleton(points, tuple(value_visibility(vertex, of="vertex") for vertex in members))


_READERS: dict[ShapeKind, Callable[[object, Frame], Shape]] = {
    ShapeKind.BOUNDING_BOX: _read_box,
    ShapeKind.ROTATABLE_BOUNDING_BOX: _read_rotated_box,
    ShapeKind.POLYGON: _read_polygon,
    ShapeKind.BITMASK: _read_bitmask,
    ShapeKind.POLYLINE: _read_polyline,
    ShapeKind.KEYPOINT: _read_keypoint,
    ShapeKind.SKELETON: _read_skeleton,
}
