"""Masks to shapes."""

from __future__ import annotations

from itertools import chain

import cv2
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.outlines import mask_outlines
from labeling.geometry.raster import polygons_fill
from labeling.geometry.shapes import BoolMask, Box, Polygon, Shape, ShapeKind
from tests.geometry.shapes_made import any_masks, blobs


def overlap(shape: Shape, mask: BoolMask) -> float:
    """Intersection over union of a shape's pixels and a mask."""
    height, width = mask.shape
    drawn = shape_to_mask(shape, width=width, height=height)
    return float((drawn & mask).sum() / (drawn | mask).sum())


def polygon_of(mask: BoolMask, *, max_points: int = 200) -> Polygon:
    polygon = mask_to_shape(mask, ShapeKind.POLYGON, max_points=max_points)
    assert isinstance(polygon, Polygon)
    return polygon


def point_count(polygon: Polygon) -> int:
    return sum(map(len, chain.from_iterable(polygon.polygons)))


@given(any_masks)
def test_outlines_hold_exactly_the_pixels_and_never_touch(mask: BoolMask) -> None:
    pieces = mask_outlines(mask)
    height, width = mask.shape
    assert np.array_equal(polygons_fill(pieces, width=width, height=height), mask)
    assert shapely.MultiPolygon([(rings[0], rings[1:]) for rings in pieces]).is_valid


@given(any_masks)
def test_outlines_are_the_pieces_and_holes_that_opencv_counts(mask: BoolMask) -> None:
    pieces = mask_outlines(mask)
    pixels = mask.astype(np.uint8)
    count, _ = cv2.connectedComponents(pixels, connectivity=8)
    assert len(pieces) == count - 1
    gaps, _ = cv2.connectedComponents(np.pad(1 - pixels, 1, constant_values=1), connectivity=4)
    assert sum(len(rings) - 1 for rings in pieces) == gaps - 2


@given(any_masks.filter(lambda mask: bool(mask.any())), st.integers(4, 60))
def test_any_mask_becomes_a_valid_polygon_within_its_points_and_its_frame(
    mask: BoolMask, max_points: int
) -> None:
    polygon = polygon_of(mask, max_points=max_points)
    assert point_count(polygon) <= max_points
    area = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygon.polygons])
    assert area.is_valid
    assert area.area > 0
    height, width = mask.shape
    assert shapely.box(0, 0, width, height).covers(area)


@given(blobs())
def test_a_blob_and_its_polygon_overlap(mask: BoolMask) -> None:
    assert overlap(polygon_of(mask), mask) > 0.97
    assert overlap(polygon_of(mask, max_points=30), mask) > 0.88


@given(blobs())
def test_box_and_bitmask_of_a_mask_are_exact(mask: BoolMask) -> None:
    bitmask = mask_to_shape(mask, ShapeKind.BITMASK)
    assert bitmask is not None
    assert overlap(bitmask, mask) == 1.0
    box = mask_to_shape(mask, ShapeKind.BOUNDING_BOX)
    (top, bottom), (left, right) = (np.flatnonzero(mask.any(axis=axis))[[0, -1]].tolist() for axis in (1, 0))
    assert box == Box(left, top, right - left + 1, bottom - top + 1)


@given(st.integers(0, 30), st.integers(0, 20), st.integers(1, 40), st.integers(1, 30))
def test_an_upright_rectangle_is_four_points_and_loses_no_pixel(
    left: int, top: int, width: int, height: int
) -> None:
    mask = shape_to_mask(Box(left, top, width, height), width=80, height=60)
    polygon = polygon_of(mask)
    assert overlap(polygon, mask) == 1.0
    assert point_count(polygon) <= 8


def test_holes_and_pieces_are_kept() -> None:
    mask = np.zeros((100, 100), np.bool_)
    mask[10:60, 10:60] = True
    mask[20:30, 20:30] = mask[40:50, 40:50] = False
    mask[70:90, 70:90] = True
    polygon = polygon_of(mask)
    assert [len(rings) for rings in polygon.polygons] == [3, 1]
    assert overlap(polygon, mask) > 0.99


def test_the_smallest_pieces_go_first_where_points_are_short() -> None:
    mask = np.zeros((200, 300), np.uint8)
    cv2.ellipse(mask, (100, 100), (80, 60), 20, 0, 360, 1, -1)
    mask[::20, 200::10] = 1
    polygon = polygon_of(mask.view(np.bool_), max_points=40)
    assert overlap(polygon, mask.view(np.bool_)) > 0.97


def test_a_thin_line_keeps_its_pixels() -> None:
    mask = np.zeros((60, 90), np.uint8)
    cv2.line(mask, (3, 5), (80, 50), 1, 1)
    assert overlap(polygon_of(mask.view(np.bool_)), mask.view(np.bool_)) > 0.95


@pytest.mark.parametrize("kind", ["bounding_box", "rotatable_bounding_box", "polygon", "bitmask"])
def test_an_empty_mask_becomes_nothing(kind: str) -> None:
    assert mask_to_shape(np.zeros((5, 7), np.bool_), ShapeKind(kind)) is None


@pytest.mark.parametrize(
    ("kind", "name"), [("point", "keypoint"), ("polyline", "polyline"), ("skeleton", "object primitive")]
)
def test_kinds_without_an_area_are_refused_by_name(kind: str, name: str) -> None:
    with pytest.raises(ShapeError, match=f"A {name} covers no area"):
        mask_to_shape(np.ones((5, 7), np.bool_), ShapeKind(kind))
