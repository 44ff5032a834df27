"""Shapes as the API takes and gives them."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.errors import ShapeError
from labeling.geometry.packing import shape_kind
from labeling.geometry.rle import rle_encode
from labeling.geometry.shapes import Bitmask, Box, Keypoint, Polygon, RotatedBox, Shape, ShapeKind, Visibility
from labeling.geometry.wire import shape_from_json, shape_to_json
from tests.geometry.shapes_made import HEIGHT, WIDTH, same_shape, shapes

CROSS = rle_encode(np.array([[0, 0, 1, 0], [0, 1, 1, 1], [0, 0, 1, 0]], np.bool_)).decode()


def read(kind: str, value: object, **more: int) -> Shape:
    return shape_from_json(ShapeKind(kind), value, width=WIDTH, height=HEIGHT, **more)


def box(left: object, top: object, width: object, height: object, **more: object) -> dict[str, object]:
    return {"left": left, "top": top, "width": width, "height": height, **more}


def ring(*points: object) -> dict[str, object]:
    return {"polygons": [[list(points)]]}


@given(shapes)
def test_a_shape_comes_back_through_json_text(shape: Shape) -> None:
    text = json.dumps(shape_to_json(shape), allow_nan=False)
    assert same_shape(read(shape_kind(shape), json.loads(text)), shape, within=5.1e-4)


@given(shapes)
def test_what_was_read_is_given_out_unchanged(shape: Shape) -> None:
    value = shape_to_json(shape)
    assert shape_to_json(read(shape_kind(shape), value)) == value


def test_coordinates_go_out_to_a_thousandth_of_a_pixel() -> None:
    value = shape_to_json(RotatedBox(1.23456, 2.00049, 3.1, 4, 29.99951))
    assert value == {"left": 1.235, "top": 2.0, "width": 3.1, "height": 4, "rotation": 30.0}
    assert shape_to_json(RotatedBox(1, 2, 3, 4, 359.9996))["rotation"] == 0.0


def test_the_forms_are_those_of_the_documentation() -> None:
    triangle = [[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]]
    for kind, value in {
        "bounding_box": box(1, 2, 3, 4),
        "rotatable_bounding_box": box(1, 2, 3, 4, rotation=30),
        "polygon": {"polygons": [[triangle]]},
        "bitmask": box(1, 2, 3, 3, counts=rle_encode(np.eye(3, dtype=np.bool_)).decode()),
        "polyline": {"points": triangle},
        "point": {"x": 1, "y": 2, "visibility": "occluded"},
        "skeleton": {"vertices": [{"x": 1, "y": 2, "visibility": "invisible"}]},
    }.items():
        assert shape_to_json(read(kind, value)) == value


def test_a_polyline_tells_the_visibility_of_its_points_where_not_all_are_visible() -> None:
    points = [[0.0, 0.0], [4.0, 0.0]]
    marked = {"points": points, "visibility": ["visible", "invisible"]}
    assert shape_to_json(read("polyline", marked)) == marked
    told = {"points": points, "visibility": ["visible", "visible"]}
    assert shape_to_json(read("polyline", told)) == {"points": points}


def test_an_overhang_of_half_a_pixel_is_moved_in() -> None:
    assert read("bounding_box", box(-0.5, 10, 4, 54.4)) == Box(0, 10, 3.5, 54)
    polygon = read("polygon", ring([-0.4, 0], [WIDTH + 0.5, 0], [10, HEIGHT + 0.2]))
    assert isinstance(polygon, Polygon)
    assert polygon.polygons[0][0].tolist() == [[0, 0], [WIDTH, 0], [10, HEIGHT]]
    assert read("point", {"x": WIDTH + 0.3, "y": 1}) == Keypoint(WIDTH, 1, Visibility.VISIBLE)


def test_a_rotated_box_may_reach_out_as_long_as_a_part_is_in() -> None:
    read("rotatable_bounding_box", box(-10, -10, 20, 20, rotation=45))
    read("rotatable_bounding_box", box(-30, 20, 70, 4, rotation=90))
    with pytest.raises(ShapeError, match="rotatable bounding box lies outside the frame of 96 by 64"):
        read("rotatable_bounding_box", box(-12, -12, 20, 20, rotation=0.0) | {"width": 11.9, "height": 11.9})
    # Upright it would touch the frame; turned it does not.
    with pytest.raises(ShapeError, match="outside the frame"):
        read("rotatable_bounding_box", box(-36, 20, 40, 4, rotation=90))


def test_a_rotation_is_brought_to_one_turn() -> None:
    turned = read("rotatable_bounding_box", box(1, 2, 3, 4, rotation=-30))
    assert turned == RotatedBox(1, 2, 3, 4, 330)


def test_a_closed_ring_is_opened() -> None:
    polygon = read("polygon", ring([0, 0], [4, 0], [0, 4], [0, 0]))
    assert isinstance(polygon, Polygon)
    assert len(polygon.polygons[0][0]) == 3


def test_a_mask_is_cropped_to_its_pixels() -> None:
    mask = read("bitmask", box(10, 20, 4, 3, counts=CROSS))
    assert isinstance(mask, Bitmask)
    assert (mask.left, mask.top, mask.width, mask.height) == (11, 20, 3, 3)


def test_a_keypoint_without_visibility_is_visible() -> None:
    assert read("point", {"x": 1, "y": 2}) == Keypoint(1, 2, Visibility.VISIBLE)


NAN, INF = math.nan, math.inf

REFUSED: list[tuple[str, object, str]] = [
    ("polygon", ring([1, 1], [5, 5]), "The polygon has 2 points; it needs at least 3."),
    ("polygon", ring([1, 1], [5, 5], [1, 1]), "The polygon has 2 points; it needs at least 3."),
    ("polygon", ring([1, 1], [1, 1], [1, 1]), "The polygon has 1 point; it needs at least 3."),
    ("polygon", ring([1, 1], [2, 2], [5, 5]), "The polygon has no area: its points lie on one line."),
    ("polygon", ring(), "The polygon's points are an empty list."),
    ("polygon", {"polygons": []}, "The polygon's polygons are an empty list."),
    ("polygon", {"polygons": [[]]}, "The polygon's rings are an empty list."),
    ("polygon", {"polygons": "abc"}, "The polygon's polygons are not a list."),
    ("polygon", ring([1, 1], [5, 5], [1]), "A point of the polygon is not a pair of x and y."),
    ("polygon", ring([1, 1], [5, 5], [1, NAN]), "The polygon's coordinate is not a finite number."),
    ("polygon", ring([1, 1], [5, 5], [1, INF]), "The polygon's coordinate is not a finite number."),
    ("polygon", ring([1, 1], [5, 5], [1, "2"]), "The polygon's coordinate is not a number."),
    ("polygon", ring([1, 1], [5, 5], [1, True]), "The polygon's coordinate is not a number."),
    ("polygon", ring([1, 1], [5, 5], [97, 2]), "reaches out of the frame of 96 by 64 pixels: it has a point"),
    ("polygon", ring(*[[1, 1]] * 100_001), "The polygon has too many points: 100001"),
    (
        "polygon",
        {"polygons": [[[[x % 90, y] for x in range(1000) for y in range(60)]]] * 2},
        "The polygon has too many points: 60000, where 40000 are left.",
    ),
    ("bounding_box", box(1, 1, 0, 5), "The bounding box has no area: it is 0 by 5 pixels."),
    ("bounding_box", box(1, 1, -3, 5), "The bounding box has no area: it is -3 by 5 pixels."),
    ("bounding_box", box(96, 1, 5, 5), "The bounding box lies outside the frame of 96 by 64 pixels."),
    ("bounding_box", box(-5, 1, 4.9, 5), "The bounding box lies outside the frame of 96 by 64 pixels."),
    ("bounding_box", box(95.9999, 1, 0.4, 5), "The bounding box lies outside the frame of 96 by 64 pixels."),
    ("bounding_box", box(90, 1, 7, 5), "The bounding box reaches out of the frame of 96 by 64 pixels."),
    ("bounding_box", box(NAN, 1, 7, 5), "The bounding box's left is not a finite number."),
    ("bounding_box", box(10**400, 1, 7, 5), "The bounding box's left is not a finite number."),
    ("bounding_box", box(True, 1, 7, 5), "The bounding box's left is not a number."),
    ("bounding_box", box("1", 1, 7, 5), "The bounding box's left is not a number."),
    ("bounding_box", box(None, 1, 7, 5), "The bounding box's left is not a number."),
    ("bounding_box", {"left": 1}, "The bounding box lacks 'top'"),
    ("bounding_box", box(1, 1, 7, 5, x=3), "The bounding box has no member 'x'"),
    (
        "bounding_box",
        [1, 1, 7, 5],
        "The bounding box is not an object with 'left', 'top',",
    ),
    ("bounding_box", None, "The bounding box is not an object"),
    ("rotatable_bounding_box", box(1, 1, 7, 5), "The rotatable bounding box lacks 'rotation'"),
    ("rotatable_bounding_box", box(1, 1, 7, 5, rotation=INF), "rotation is not a finite number."),
    ("rotatable_bounding_box", box(1, 1, 7, 0, rotation=1), "The rotatable bounding box has no area"),
    ("bitmask", box(0, 0, 4, 4, counts=CROSS), "cover 12 pixels; its size of 4 by 4 has 16."),
    ("bitmask", box(94, 0, 4, 3, counts=CROSS), "The bitmask reaches out of the frame of 96 by 64 pixels."),
    ("bitmask", box(-1, 0, 4, 3, counts=CROSS), "The bitmask reaches out of the frame of 96 by 64 pixels."),
    ("bitmask", box(0, 0, 4, 3, counts="<"), "The bitmask is empty: no pixel of it is set."),
    ("bitmask", box(0, 0, 4, 3, counts="zz"), "not a COCO compressed run-length string."),
    ("bitmask", box(0, 0, 4, 3, counts="é"), "not a COCO compressed run-length string."),
    ("bitmask", box(0, 0, 4, 3, counts=[5, 7]), "not a COCO compressed run-length string."),
    ("bitmask", box(0, 0, 4, 3, counts="0" * 10_000_001), "The bitmask's counts have 10000001 characters"),
    ("bitmask", box(0, 0, 0, 3, counts=""), "The bitmask has no area"),
    ("bitmask", box(0.5, 0, 4, 3, counts=CROSS), "The bitmask's left is not a whole number of pixels."),
    ("polyline", {"points": [[1, 1]]}, "The polyline has 1 point; it needs at least 2."),
    (
        "polyline",
        {"points": [[1, 1], [2, 2]], "visibility": ["visible"]},
        "The polyline has 2 points and 1 visibilities.",
    ),
    (
        "polyline",
        {"points": [[1, 1], [2, 2]], "visibility": ["visible", "gone"]},
        "The visibility of a polyline is one of",
    ),
    ("polyline", {"points": [[1, 1], [1, 1]]}, "The polyline has 1 point; it needs at least 2."),
    ("polyline", {"points": [[1, 1], [1, 70]]}, "The polyline reaches out of the frame"),
    ("point", {"x": 1, "y": NAN}, "The keypoint's coordinate is not a finite number."),
    ("point", {"x": 1, "y": 90}, "The keypoint reaches out of the frame"),
    ("point", {"x": 1, "y": 1, "visibility": "seen"}, "The visibility of a keypoint is one of 'visible'"),
    ("point", {"x": 1, "y": 1, "visibility": []}, "The visibility of a keypoint is one of 'visible'"),
    ("skeleton", {"vertices": []}, "The object primitive's vertices are an empty list."),
    ("skeleton", {"vertices": [{"x": 1}]}, "The vertex lacks 'y'"),
    ("skeleton", {"vertices": [7]}, "The vertex is not an object with 'x', 'y'."),
]


@pytest.mark.parametrize(
    ("kind", "value", "sentence"), REFUSED, ids=[f"{kind}: {sentence}" for kind, _, sentence in REFUSED]
)
def test_bad_input_is_refused_with_a_sentence(kind: str, value: object, sentence: str) -> None:
    with pytest.raises(ShapeError) as refusal:
        read(kind, value)
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_a_skeleton_has_as_many_vertices_as_its_template() -> None:
    value = {"vertices": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]}
    assert shape_kind(read("skeleton", value, vertices=2)) is ShapeKind.SKELETON
    with pytest.raises(ShapeError, match="The object primitive has 2 vertices; its template has 3"):
        read("skeleton", value, vertices=3)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)

MEMBERS = ("left", "top", "width", "height", "rotation", "counts", "polygons", "points", "x", "y", "vertices")


@given(st.sampled_from(ShapeKind), JSON | st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=6))
def test_any_json_is_read_or_refused(kind: ShapeKind, value: Any) -> None:
    try:
        shape = shape_from_json(kind, value, width=WIDTH, height=HEIGHT)
    except ShapeError:
        return
    assert shape_kind(shape) is kind
