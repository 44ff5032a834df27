"""Shapes as bytes, the way a label's row stores them.

One tag byte, then little-endian numbers. Coordinates are float32: exact to a thousandth of a pixel
in frames up to 16,384 pixels wide.

====  ==============  ==============================================================================
tag   kind            payload
====  ==============  ==============================================================================
1     box             left, top, width, height
2     rotated box     left, top, width, height, rotation
3     polygon         uint32: number of polygons, rings of each, points of each ring; then the points
4     bitmask         int32: left, top, width, height; then the COCO counts
5     polyline        the points
6     keypoint        visibility (one byte), x, y
7     skeleton        visibility (one byte a vertex), then the points
8     polyline        with points that are not visible: as a skeleton
====  ==============  ==============================================================================

The tags and the order of the visibilities are stored: they may grow, and never change.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from itertools import chain

import numpy as np

from labeling.geometry.errors import ShapeError
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
    Visibility,
)

VISIBILITIES = (Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.SELF_OCCLUDED, Visibility.INVISIBLE)
"""A visibility is stored as its place in this tuple."""

_VISIBILITY_CODE = {visibility: code for code, visibility in enumerate(VISIBILITIES)}
_KIND_OF_TYPE: dict[type[Shape], ShapeKind] = {
    Box: ShapeKind.BOUNDING_BOX,
    RotatedBox: ShapeKind.ROTATABLE_BOUNDING_BOX,
    Polygon: ShapeKind.POLYGON,
    Bitmask: ShapeKind.BITMASK,
    Polyline: ShapeKind.POLYLINE,
    Keypoint: ShapeKind.KEYPOINT,
    Skeleton: ShapeKind.SKELETON,
}
_KIND_OF_TAG = {**dict(enumerate(_KIND_OF_TYPE.values(), start=1)), 8: ShapeKind.POLYLINE}
_VERTEX_BYTES = 9
"""Of a skeleton, or a polyline of tag 8: a visibility and two numbers."""

_BOX = struct.Struct("<4f")
_ROTATED_BOX = struct.Struct("<5f")
_MASK_BOX = struct.Struct("<4i")
_KEYPOINT = struct.Struct("<B2f")


def shape_kind(shape: Shape) -> ShapeKind:
    """Return what kind of shape this is."""
    return _KIND_OF_TYPE[type(shape)]


def shape_pack(shape: Shape) -> bytes:  # noqa: PLR0911 - one for each shape
    """Return ``shape`` as bytes. Unpacking and packing again gives the same bytes."""
    match shape:
        case Box():
            return b"\1" + _BOX.pack(shape.left, shape.top, shape.width, shape.height)
        case RotatedBox():
            return b"\2" + _ROTATED_BOX.pack(shape.left, shape.top, shape.width, shape.height, shape.rotation)
        case Polygon():
            return b"\3" + _polygon_pack(shape)
        case Bitmask():
            return b"\4" + _MASK_BOX.pack(shape.left, shape.top, shape.width, shape.height) + shape.counts
        case Polyline(visibility=()):
            return b"\5" + _points_pack(shape.points)
        case Polyline():
            return b"\x08" + _vertices_pack(shape)
        case Keypoint():
            return b"\6" + _KEYPOINT.pack(_VISIBILITY_CODE[shape.visibility], shape.x, shape.y)
        case Skeleton():
            return b"\7" + _vertices_pack(shape)


def shape_unpack(data: bytes | memoryview) -> Shape:
    """Return the shape that ``shape_pack`` wrote; raise ``ShapeError`` when the bytes are damaged."""
    data = bytes(data)
    try:
        return _UNPACK[data[0]](data[1:])
    except (KeyError, IndexError, ValueError, struct.error) as error:
        raise ShapeError("The stored shape is damaged and cannot be read.") from error


def packed_form(data: bytes) -> tuple[ShapeKind, int | None]:
    """Return the kind of a packed shape, and how many vertices a skeleton has; None for other kinds."""
    kind = _KIND_OF_TAG[data[0]]
    return kind, (len(data) - 1) // _VERTEX_BYTES if kind is ShapeKind.SKELETON else None


def _points_pack(points: Points) -> bytes:
    return np.asarray(points, dtype="<f4").tobytes()


def _points_unpack(data: bytes) -> Points:
    return np.frombuffer(data, dtype="<f4").reshape(-1, 2).astype(np.float64)


def _vertices_pack(shape: Skeleton | Polyline) -> bytes:
    codes = bytes(_VISIBILITY_CODE[visibility] for visibility in shape.visibility)
    return codes + _points_pack(shape.points)


def _polygon_pack(polygon: Polygon) -> bytes:
    rings = list(chain.from_iterable(polygon.polygons))
    header = [len(polygon.polygons), *map(len, polygon.polygons), *map(len, rings)]
    return np.array(header, dtype="<u4").tobytes() + b"".join(map(_points_pack, rings))


def _polygon_unpack(data: bytes) -> Polygon:
    polygon_count = int.from_bytes(data[:4], "little")
    ring_counts = np.frombuffer(data, "<u4", polygon_count, offset=4).tolist()
    ring_total = sum(ring_counts)
    point_counts = np.frombuffer(data, "<u4", ring_total, offset=4 + 4 * polygon_count).tolist()
    points = _points_unpack(data[4 * (1 + polygon_count + ring_total) :])
    if len(points) != sum(point_counts):
        raise ValueError("the rings do not use up the points")
    ends = np.cumsum(point_counts).tolist()
    rings = iter([points[end - count : end] for end, count in zip(ends, point_counts, strict=True)])
    return Polygon(tuple(tuple(next(rings) for _ in range(count)) for count in ring_counts))


def _bitmask_unpack(data: bytes) -> Bitmask:
    left, top, width, height = _MASK_BOX.unpack(data[:16])
    return Bitmask(left, top, width, height, data[16:])


def _keypoint_unpack(data: bytes) -> Keypoint:
    code, x, y = _KEYPOINT.unpack(data)
    return Keypoint(x, y, VISIBILITIES[code])


def _vertices_unpack(data: bytes) -> tuple[Points, tuple[Visibility, ...]]:
    count, rest = divmod(len(data), _VERTEX_BYTES)
    if rest:
        raise ValueError("a vertex is cut off")
    return _points_unpack(data[count:]), tuple(VISIBILITIES[code] for code in data[:count])


def _marked_polyline_unpack(data: bytes) -> Polyline:
    line = Polyline(*_vertices_unpack(data))
    if not line.visibility:
        raise ValueError("a polyline of visible points is stored without their visibility")
    return line


_UNPACK: dict[int, Callable[[bytes], Shape]] = {
    1: lambda data: Box(*_BOX.unpack(data)),
    2: lambda data: RotatedBox(*_ROTATED_BOX.unpack(data)),
    3: _polygon_unpack,
    4: _bitmask_unpack,
    5: lambda data: Polyline(_points_unpack(data)),
    6: _keypoint_unpack,
    7: lambda data: Skeleton(*_vertices_unpack(data)),
    8: _marked_polyline_unpack,
}
