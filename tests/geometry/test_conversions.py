"""Shapes made into other shapes: valid ones that cover the same place, or a refusal with a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.conversions import shape_convert
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import AREA_KINDS, mask_to_bitmask, shape_to_mask
from labeling.geometry.packing import packed_form, shape_kind, shape_pack
from labeling.geometry.shapes import (
    Bitmask,
    BoolMask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
)
from labeling.geometry.wire import shape_from_json, shape_to_json
from tests.geometry.shapes_made import HEIGHT, WIDTH, blobs, boxes, rotated_boxes, same_shape, shapes

BOX = Box(10, 20, 30, 24)


def convert(shape: Shape, kind: ShapeKind) -> Shape:
    return shape_convert(shape, kind, width=WIDTH, height=HEIGHT)


@given(shapes, st.sampled_from(ShapeKind))
def test_what_comes_out_is_a_shape_of_the_kind_that_the_api_takes(shape: Shape, kind: ShapeKind) -> None:
    try:
        made = convert(shape, kind)
    except ShapeError:
        return
    assert shape_kind(made) is kind
    if shape_kind(shape) is kind:
        assert made is shape
        return
    vertices = len(made.points) if isinstance(made, Skeleton) else None
    again = shape_from_json(kind, shape_to_json(made), width=WIDTH, height=HEIGHT, vertices=vertices)
    assert shape_kind(again) is kind


@given(shapes)
def test_packed_shapes_say_what_they_are(shape: Shape) -> None:
    vertices = len(shape.points) if isinstance(shape, Skeleton) else None
    assert packed_form(shape_pack(shape)) == (shape_kind(shape), vertices)


@given(boxes())
@example(Box(0, 0, 0.01, 0.01))
def test_a_box_comes_back_from_a_polygon_and_from_a_rotated_box(box: Box) -> None:
    for kind in (ShapeKind.POLYGON, ShapeKind.ROTATABLE_BOUNDING_BOX):
        assert same_shape(convert(convert(box, kind), ShapeKind.BOUNDING_BOX), box, within=1e-6)


@given(rotated_boxes)
def test_a_rotated_box_that_becomes_a_polygon_covers_the_same_pixels(box: RotatedBox) -> None:
    try:
        polygon = convert(box, ShapeKind.POLYGON)
    except ShapeError:
        return
    grown = RotatedBox(box.left - 0.01, box.top - 0.01, box.width + 0.02, box.height + 0.02, box.rotation)
    covered = shape_to_mask(polygon, width=WIDTH, height=HEIGHT)
    assert not (covered & ~shape_to_mask(grown, width=WIDTH, height=HEIGHT)).any()
    if box.width > 0.1 and box.height > 0.1:
        shrunk = RotatedBox(
            box.left + 0.01, box.top + 0.01, box.width - 0.02, box.height - 0.02, box.rotation
        )
        assert not (shape_to_mask(shrunk, width=WIDTH, height=HEIGHT) & ~covered).any()


@given(blobs())
def test_a_mask_survives_being_a_polygon(mask: BoolMask) -> None:
    height, width = mask.shape
    bitmask = mask_to_bitmask(mask)
    assert bitmask is not None
    polygon = shape_convert(bitmask, ShapeKind.POLYGON, width=width, height=height)
    back = shape_convert(polygon, ShapeKind.BITMASK, width=width, height=height)
    again = shape_to_mask(back, width=width, height=height)
    assert (mask & again).sum() / (mask | again).sum() > 0.95


@given(rotated_boxes)
def test_the_smallest_box_around_a_turned_polygon_holds_it(box: RotatedBox) -> None:
    try:
        polygon = convert(box, ShapeKind.POLYGON)
        around = convert(polygon, ShapeKind.ROTATABLE_BOUNDING_BOX)
    except ShapeError:
        return
    assert isinstance(polygon, Polygon)
    assert isinstance(around, RotatedBox)
    (ring,) = polygon.polygons[0]
    turn = np.deg2rad(around.rotation)
    centre = np.array([around.left + around.width / 2, around.top + around.height / 2])
    along = (ring - centre) @ np.array([np.cos(turn), np.sin(turn)])
    across = (ring - centre) @ np.array([-np.sin(turn), np.cos(turn)])
    assert np.abs(along).max() <= around.width / 2 + 1e-6
    assert np.abs(across).max() <= around.height / 2 + 1e-6
    assert around.width * around.height <= box.width * box.height + 1e-6


def test_a_bitmask_of_a_box_has_its_pixels() -> None:
    bitmask = convert(BOX, ShapeKind.BITMASK)
    assert isinstance(bitmask, Bitmask)
    assert (bitmask.left, bitmask.top, bitmask.width, bitmask.height) == (10, 20, 30, 24)
    assert shape_to_mask(bitmask, width=WIDTH, height=HEIGHT).sum() == 30 * 24


def test_an_area_becomes_the_point_in_its_middle() -> None:
    assert convert(BOX, ShapeKind.KEYPOINT) == Keypoint(25, 32)


def test_a_ring_becomes_a_closed_line_and_a_ring_again() -> None:
    ring = np.array([[1.0, 1], [20, 1], [20, 20]])
    line = convert(Polygon(((ring,),)), ShapeKind.POLYLINE)
    assert isinstance(line, Polyline)
    assert line.points.tolist() == [[1, 1], [20, 1], [20, 20], [1, 1]]
    assert same_shape(convert(line, ShapeKind.POLYGON), Polygon(((ring,),)))


def test_lost_vertices_do_not_count() -> None:
    skeleton = Skeleton(
        np.array([[10.0, 10], [20, 30], [90, 60]]),
        (Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.INVISIBLE),
    )
    assert convert(skeleton, ShapeKind.BOUNDING_BOX) == Box(10, 10, 10, 20)
    assert shape_bounds(skeleton) == Box(10, 10, 80, 50)


@pytest.mark.parametrize(
    ("shape", "kind", "sentence"),
    [
        (BOX, ShapeKind.SKELETON, "A bounding box cannot become an object primitive."),
        (Keypoint(1, 1), ShapeKind.BOUNDING_BOX, "A keypoint cannot become a bounding box."),
        (Keypoint(1, 1), ShapeKind.BITMASK, "A keypoint cannot become a bitmask."),
        (BOX, ShapeKind.POLYLINE, "A bounding box cannot become a polyline."),
        (
            Polyline(np.array([[1.0, 1], [9, 1]])),
            ShapeKind.BOUNDING_BOX,
            "A polyline that spans no area cannot become a bounding box.",
        ),
        (
            Polyline(np.array([[1.0, 1], [9, 9]])),
            ShapeKind.POLYGON,
            "A polyline that encloses no area cannot become a shape that has one.",
        ),
        (
            Box(3.6, 3.6, 0.2, 0.2),
            ShapeKind.BITMASK,
            "A bounding box that covers no pixel's centre cannot become a bitmask.",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(shape: Shape, kind: ShapeKind, sentence: str) -> None:
    with pytest.raises(ShapeError) as caught:
        convert(shape, kind)
    assert str(caught.value) == sentence


def test_every_shape_with_an_area_becomes_every_other() -> None:
    for kind in AREA_KINDS:
        first = convert(BOX, kind)
        for other in AREA_KINDS:
            bounds = shape_bounds(convert(first, other))
            assert abs(bounds.left - 10) <= 0.51
            assert abs(bounds.width - 30) <= 1.01
