"""Boxes: overlap, corners, bounds."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.boxes import box_clip, box_iou, box_ious, rotated_corners, shape_bounds
from labeling.geometry.masks import shape_to_mask
from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
    Visibility,
)
from tests.geometry.shapes_made import HEIGHT, WIDTH, boxes, rotated_boxes, same_shape


def drawn(box: Box) -> shapely.Polygon:
    return shapely.box(box.left, box.top, box.left + box.width, box.top + box.height)


@given(boxes(), boxes())
def test_iou_is_that_of_the_areas(first: Box, second: Box) -> None:
    one, two = drawn(first), drawn(second)
    expected = one.intersection(two).area / one.union(two).area
    assert box_iou(first, second) == pytest.approx(expected, abs=1e-6)


@given(st.lists(boxes(), min_size=1, max_size=4), st.lists(boxes(), min_size=1, max_size=4))
def test_the_table_of_ious_is_that_of_the_pairs(first: list[Box], second: list[Box]) -> None:
    rows, columns = ([[box.left, box.top, box.width, box.height] for box in side] for side in (first, second))
    table = box_ious(np.array(rows), np.array(columns))
    assert np.allclose(table, [[box_iou(one, two) for two in second] for one in first])


def test_boxes_without_area_overlap_nothing() -> None:
    assert box_iou(Box(1, 1, 0, 0), Box(1, 1, 0, 0)) == 0.0
    assert box_ious(np.zeros((1, 4)), np.zeros((1, 4))).tolist() == [[0.0]]


def test_a_quarter_turn_goes_clockwise_on_screen() -> None:
    corners = rotated_corners(RotatedBox(0, 0, 4, 2, 90))
    # The centre is 2, 1; the corner at the upper left comes to the upper right.
    assert np.allclose(corners, [(3, -1), (3, 3), (1, 3), (1, -1)])


@given(rotated_boxes)
def test_turning_keeps_centre_and_sides(box: RotatedBox) -> None:
    corners = rotated_corners(box)
    centre = (box.left + box.width / 2, box.top + box.height / 2)
    assert np.allclose(corners.mean(axis=0), centre)
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    assert np.allclose(sides, [box.width, box.height, box.width, box.height])


LINE = np.array([(1, 5), (4, 2), (3, 9)], np.float64)


@pytest.mark.parametrize(
    ("shape", "bounds"),
    [
        (Box(1, 2, 3, 4), Box(1, 2, 3, 4)),
        (RotatedBox(0, 0, 4, 2, 90), Box(1, -1, 2, 4)),
        (Polygon(((LINE,), (LINE + 10,))), Box(1, 2, 13, 17)),
        (Bitmask(1, 2, 3, 4, b"05"), Box(1, 2, 3, 4)),
        (Polyline(LINE), Box(1, 2, 3, 7)),
        (Keypoint(3, 4), Box(3, 4, 0, 0)),
        (Skeleton(LINE, (Visibility.VISIBLE,) * 3), Box(1, 2, 3, 7)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bounds_hold_the_shape_tightly(shape: Shape, bounds: Box) -> None:
    found = shape_bounds(shape)
    assert same_shape(found, bounds, within=1e-9)


@given(rotated_boxes)
def test_pixels_of_a_rotated_box_lie_within_its_bounds(box: RotatedBox) -> None:
    bounds = box_clip(shape_bounds(box), width=WIDTH, height=HEIGHT)
    mask = shape_to_mask(box, width=WIDTH, height=HEIGHT)
    assert bounds is not None
    outside = ~shape_to_mask(
        Box(bounds.left - 1e-6, bounds.top - 1e-6, bounds.width + 2e-6, bounds.height + 2e-6),
        width=WIDTH,
        height=HEIGHT,
    )
    assert not (mask & outside).any()


def test_a_box_is_cut_at_the_frame() -> None:
    assert box_clip(Box(-1, -2, 5, 20), width=10, height=8) == Box(0, 0, 4, 8)
    assert box_clip(Box(10, 0, 5, 5), width=10, height=8) is None
