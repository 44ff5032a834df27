"""What lies between two shapes of one object: the way a label is interpolated.

=====================  ===========================================================================
kind                   between
=====================  ===========================================================================
box                    sides and place go evenly
rotated box            centre and sides go evenly, the angle the short way round
polygon                rings in step where pieces and holes correspond, else by signed distance
bitmask                by signed distance, laid over each other by the centroids
polyline               points in step along the line
keypoint, vertex       goes straight; lost where it is lost at either end, else seen as at the nearer
=====================  ===========================================================================

All of it lies in the rectangle of whole pixels that spans both shapes, so inside any picture that
holds them; the corners of a turned box may reach out, as those of its ends may.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np

from labeling.geometry.boxes import shape_bounds, wrapped
from labeling.geometry.errors import ShapeError
from labeling.geometry.mask_tween import MaskTween, PlacedMask
from labeling.geometry.masks import KIND_NAMES, mask_to_bitmask
from labeling.geometry.outline_tween import lines_in_step, polygon_at, polygons_in_step, rings_in_step
from labeling.geometry.outlines import mask_polygon
from labeling.geometry.packing import shape_kind
from labeling.geometry.raster import polygons_fill
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
    Skeleton,
    Visibility,
)

Tween = Callable[[float], Shape]
"""From how much of the way, 0..1, to the shape there."""

_MAX_POINTS = 200
"""Of a polygon that is made of pixels; more where one of the two ends has more."""

_RASTER = 256
"""Pixels: a smaller polygon is drawn enlarged before it is blended by distance, eightfold at most."""


def shape_between(first: Shape, second: Shape, t: float) -> Shape:
    """Return the shape at ``t`` of the way from ``first`` (0 and below) to ``second`` (1 and above).

    Raise ``ShapeError`` when they are of different kinds or are skeletons of different templates. For
    many shapes between the same two, ``shape_tween`` does the common work once.
    """
    return shape_tween(first, second)(t)


def shape_tween(first: Shape, second: Shape) -> Tween:
    """Return the way from ``first`` to ``second``; its ends are these very shapes. Raise ``ShapeError``."""
    inner = _tween(first, second)

    def at(t: float) -> Shape:
        if t <= 0.0:
            return first
        return second if t >= 1.0 else inner(t)

    return at


def _tween(first: Shape, second: Shape) -> Tween:  # noqa: PLR0911 - one for each shape
    match first, second:
        case Box(), Box():
            return lambda t: Box(*_even(_sides(first), _sides(second), t))
        case RotatedBox(), RotatedBox():
            return lambda t: _rotated_box_at(first, second, t)
        case Polygon(), Polygon():
            return _polygon_tween(first, second)
        case Bitmask(), Bitmask():
            masks = MaskTween(_placed(first), _placed(second))
            return lambda t: _bitmask(masks.at(t))
        case Polyline(), Polyline():
            return _polyline_tween(first, second)
        case Keypoint(), Keypoint():
            return lambda t: _keypoint_at(first, second, t)
        case Skeleton(), Skeleton() if len(first.points) == len(second.points):
            return lambda t: _skeleton_at(first, second, t)
    raise ShapeError(_refusal(first, second))


def _refusal(first: Shape, second: Shape) -> str:
    mine, yours = KIND_NAMES[shape_kind(first)], KIND_NAMES[shape_kind(second)]
    if isinstance(first, Skeleton) and isinstance(second, Skeleton):
        return (
            f"Nothing lies between object primitives of {len(first.points)} "
            f"and of {len(second.points)} vertices."
        )
    return f"Nothing lies between shapes of different kinds: {mine} and {yours}."


def _even(first: list[float], second: list[float], t: float) -> list[float]:
    return [(1 - t) * mine + t * yours for mine, yours in zip(first, second, strict=True)]


def _sides(box: Box | RotatedBox) -> list[float]:
    return [box.left, box.top, box.width, box.height]


def _rotated_box_at(first: RotatedBox, second: RotatedBox, t: float) -> RotatedBox:
    # Place and size of the box before it is turned go evenly, so its centre does too.
    turn = (second.rotation - first.rotation + 180.0) % 360.0 - 180.0
    left, top, width, height = _even(_sides(first), _sides(second), t)
    return RotatedBox(left, top, width, height, wrapped(first.rotation + t * turn))


def _polyline_tween(first: Polyline, second: Polyline) -> Tween:
    mine, yours = lines_in_step(first.points, second.points)
    if not first.visibility and not second.visibility:
        return lambda t: Polyline((1 - t) * mine + t * yours)
    pairs = list(zip(_visibility_near(first, mine), _visibility_near(second, yours), strict=True))
    return lambda t: Polyline((1 - t) * mine + t * yours, tuple(_seen_at(*pair, t) for pair in pairs))


def _visibility_near(line: Polyline, points: Points) -> list[Visibility]:
    """Return for each of ``points`` on the line the visibility of the line's nearest point."""
    distances = np.square(points[:, None] - line.points[None]).sum(axis=2)
    return [line.visibilities[index] for index in distances.argmin(axis=1).tolist()]


def _keypoint_at(first: Keypoint, second: Keypoint, t: float) -> Keypoint:
    x, y = _even([first.x, first.y], [second.x, second.y], t)
    return Keypoint(x, y, _seen_at(first.visibility, second.visibility, t))


def _skeleton_at(first: Skeleton, second: Skeleton, t: float) -> Skeleton:
    seen = zip(first.visibility, second.visibility, strict=True)
    points = (1 - t) * first.points + t * second.points
    return Skeleton(points, tuple(_seen_at(*pair, t) for pair in seen))


def _seen_at(first: Visibility, second: Visibility, t: float) -> Visibility:
    if Visibility.INVISIBLE in (first, second):
        return Visibility.INVISIBLE
    return first if t < 0.5 else second


def _placed(bitmask: Bitmask) -> PlacedMask:
    mask = rle_decode(bitmask.counts, width=bitmask.width, height=bitmask.height)
    if not mask.any():
        raise ShapeError("Nothing lies between bitmasks of which one has no pixel.")
    return PlacedMask(bitmask.left, bitmask.top, mask)


def _bitmask(placed: PlacedMask) -> Bitmask:
    tight = mask_to_bitmask(placed.mask)
    assert tight is not None  # noqa: S101  (a tween's mask has a pixel at least)
    return Bitmask(tight.left + placed.left, tight.top + placed.top, tight.width, tight.height, tight.counts)


def _polygon_tween(first: Polygon, second: Polygon) -> Tween:
    pieces = polygons_in_step(first, second)
    if pieces is not None:
        return lambda t: polygon_at(pieces, t)
    by_pixels = _polygon_tween_by_pixels(first, second)
    if by_pixels is not None:
        return by_pixels
    # Too thin to cover the centre of a pixel: the longest outlines stand for the whole.
    outlines = rings_in_step(_longest_ring(first), _longest_ring(second))
    return lambda t: polygon_at([[outlines]], t)


def _polygon_tween_by_pixels(first: Polygon, second: Polygon) -> Tween | None:
    """Return the way by signed distance, None when one of the two covers no pixel."""
    bounds = [shape_bounds(one) for one in (first, second)]
    extent = max(max(box.width, box.height) for box in bounds)
    scale = int(np.clip(_RASTER / max(extent, 1.0), 1, 8))
    drawn = [_drawn(one, scale) for one in (first, second)]
    if not all(one.mask.any() for one in drawn):
        return None
    masks = MaskTween(*drawn)
    most = max(_MAX_POINTS, *(_point_count(one) for one in (first, second)))
    return lambda t: _outline(masks.at(t), scale=scale, most=most)


def _drawn(polygon: Polygon, scale: int) -> PlacedMask:
    """Return the polygon's pixels, ``scale`` to each of the frame's."""
    bounds = shape_bounds(polygon)
    left, top = int(np.floor(bounds.left)), int(np.floor(bounds.top))
    width = int(np.ceil(bounds.left + bounds.width)) - left
    height = int(np.ceil(bounds.top + bounds.height)) - top
    moved = [[(ring - (left, top)) * scale for ring in rings] for rings in polygon.polygons]
    mask = polygons_fill(moved, width=max(width, 1) * scale, height=max(height, 1) * scale)
    return PlacedMask(left * scale, top * scale, mask)


def _outline(placed: PlacedMask, *, scale: int, most: int) -> Polygon:
    outline = mask_polygon(placed.mask, max_points=most)
    assert outline is not None  # noqa: S101  (a tween's mask has a pixel at least)
    corner = np.array([placed.left, placed.top], np.float64)
    return Polygon(tuple(tuple((ring + corner) / scale for ring in rings) for rings in outline.polygons))


def _longest_ring(polygon: Polygon) -> Points:
    return max((rings[0] for rings in polygon.polygons), key=len)


def _point_count(polygon: Polygon) -> int:
    return sum(map(len, chain.from_iterable(polygon.polygons)))
