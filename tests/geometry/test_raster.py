"""Shapes to masks: a pixel is in when its centre is."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from labeling.geometry.boxes import rotated_corners
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import bitmask_to_mask, mask_to_bitmask, shape_to_mask
from labeling.geometry.packing import shape_kind, shape_pack, shape_unpack
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
from labeling.geometry.wire import shape_from_json, shape_to_json
from tests.geometry.shapes_made import HEIGHT, WIDTH, boxes, frame_masks, rings, rotated_boxes

X, Y = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)


def assert_centres_within(mask: BoolMask, area: BaseGeometry) -> None:
    """Every centre in the area is in the mask, every other is not; those on its edge may be either."""
    inside = shapely.contains_xy(area, X, Y)
    on_edge = shapely.dwithin(shapely.points(X, Y), area.boundary, 1e-3)
    assert np.array_equal(mask | on_edge, inside | on_edge)


def mask_of(polygon: Polygon) -> BoolMask:
    return shape_to_mask(polygon, width=WIDTH, height=HEIGHT)


@given(rings)
def test_a_ring_holds_the_centres_inside_an_odd_number_of_turns(ring: Points) -> None:
    faces = shapely.get_parts(shapely.polygonize([shapely.node(shapely.LinearRing(ring))]))
    odd = [face for face in faces if turns_odd(face.representative_point(), ring)]
    assert_centres_within(mask_of(Polygon(((ring,),))), shapely.union_all(odd))


def turns_odd(point: shapely.Point, ring: Points) -> bool:
    """Whether a ray from the point crosses the ring an odd number of times: one crossing at a time."""
    crossings = 0
    for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if (y0 > point.y) != (y1 > point.y) and point.x < x0 + (point.y - y0) * (x1 - x0) / (y1 - y0):
            crossings += 1
    return crossings % 2 == 1


@st.composite
def holed(draw: st.DrawFn) -> BaseGeometry:
    """A star-shaped polygon with up to two holes inside it."""
    count = draw(st.integers(3, 14))
    radii = np.array(draw(st.lists(st.floats(8, 45), min_size=count, max_size=count)))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False) + draw(st.floats(0, 1))
    around = np.stack((np.cos(angles), np.sin(angles)), axis=1) * radii[:, None]
    outer: BaseGeometry = shapely.Polygon(around + np.array([WIDTH, HEIGHT]) / 2)
    for x, size in draw(st.lists(st.tuples(st.floats(-8, 8), st.floats(0.3, 5)), max_size=2)):
        outer = outer.difference(shapely.Point(WIDTH / 2 + x, HEIGHT / 2).buffer(size, quad_segs=3))
    parts: list[BaseGeometry] = shapely.get_parts(outer).tolist()
    return max(parts, key=lambda part: part.area)


@given(holed())
def test_a_polygon_with_holes_holds_the_centres_that_shapely_finds_inside(area: BaseGeometry) -> None:
    assert isinstance(area, shapely.Polygon)
    polygon_rings = tuple(shapely.get_coordinates(ring)[:-1] for ring in (area.exterior, *area.interiors))
    assert_centres_within(mask_of(Polygon((polygon_rings,))), area)


@given(rings, rings)
def test_several_polygons_hold_what_one_of_them_holds(first: Points, second: Points) -> None:
    both = mask_of(Polygon(((first,), (second,))))
    assert np.array_equal(both, mask_of(Polygon(((first,),))) | mask_of(Polygon(((second,),))))


@given(boxes())
def test_a_box_holds_the_centres_inside(box: Box) -> None:
    mask = shape_to_mask(box, width=WIDTH, height=HEIGHT)
    right, bottom = round(box.left + box.width, 3), round(box.top + box.height, 3)
    in_x = (box.left <= X) & (right > X)
    in_y = (box.top <= Y) & (bottom > Y)
    assert np.array_equal(mask, in_x & in_y)


@given(rotated_boxes)
def test_a_rotated_box_holds_the_centres_inside(box: RotatedBox) -> None:
    mask = shape_to_mask(box, width=WIDTH, height=HEIGHT)
    assert_centres_within(mask, shapely.Polygon(rotated_corners(box)))


@given(boxes())
def test_a_box_and_the_polygon_of_its_corners_are_one_mask(box: Box) -> None:
    right, bottom = box.left + box.width, box.top + box.height
    corners = np.array([(box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom)])
    assert np.array_equal(shape_to_mask(box, width=WIDTH, height=HEIGHT), mask_of(Polygon(((corners,),))))


@given(st.one_of(boxes(), rotated_boxes, rings.map(lambda ring: Polygon(((ring,),)))))
def test_a_shape_has_one_mask_stored_sent_or_as_fractions(shape: Shape) -> None:
    mask = shape_to_mask(shape, width=WIDTH, height=HEIGHT)
    stored = shape_unpack(shape_pack(shape))
    assert np.array_equal(shape_to_mask(stored, width=WIDTH, height=HEIGHT), mask)
    sent = shape_from_json(shape_kind(shape), shape_to_json(shape), width=WIDTH, height=HEIGHT)
    assert np.array_equal(shape_to_mask(sent, width=WIDTH, height=HEIGHT), mask)
    if isinstance(shape, Polygon):
        size = np.array([WIDTH, HEIGHT])
        ring = shape.polygons[0][0] / size * size
        assert np.array_equal(mask_of(Polygon(((ring,),))), mask)


def test_polygons_that_share_an_edge_share_no_pixel_and_leave_none_out() -> None:
    left = np.array([(0, 0), (40.5, 0), (20.5, 64), (0, 64)])
    right = np.array([(40.5, 0), (96, 0), (96, 64), (20.5, 64)])
    masks = [mask_of(Polygon(((ring,),))) for ring in (left, right)]
    assert not (masks[0] & masks[1]).any()
    assert (masks[0] | masks[1]).all()


def test_what_reaches_out_of_the_frame_is_cut_off() -> None:
    ring = np.array([(-50, -50), (200, -50), (200, 200), (-50, 200)], np.float64)
    assert mask_of(Polygon(((ring,),))).all()
    assert not mask_of(Polygon(((ring + 500,),))).any()
    assert not mask_of(Polygon(((ring - 500,),))).any()
    assert not shape_to_mask(Box(-20, 0, 10, 10), width=WIDTH, height=HEIGHT).any()


@given(frame_masks)
def test_a_bitmask_comes_back_and_is_cropped_tightly(mask: BoolMask) -> None:
    bitmask = mask_to_bitmask(mask)
    if bitmask is None:
        assert not mask.any()
        return
    assert np.array_equal(bitmask_to_mask(bitmask, width=WIDTH, height=HEIGHT), mask)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    assert [bitmask.left, bitmask.left + bitmask.width - 1] == columns[[0, -1]].tolist()
    assert [bitmask.top, bitmask.top + bitmask.height - 1] == rows[[0, -1]].tolist()


def test_masks_that_are_views_into_other_arrays_are_read_rightly() -> None:
    large = np.zeros((20, 30), np.bool_)
    large[5:9, 10:20] = True
    for view in (large[::2, ::3], large.T, large[::-1, ::-1]):
        bitmask = mask_to_bitmask(view)
        assert bitmask is not None
        height, width = view.shape
        assert np.array_equal(bitmask_to_mask(bitmask, width=width, height=height), view)


def test_a_bitmask_outside_the_frame_is_refused() -> None:
    with pytest.raises(ShapeError, match="the frame is 96 by 64"):
        bitmask_to_mask(Bitmask(90, 0, 10, 1, b"0:"), width=WIDTH, height=HEIGHT)


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        (Keypoint(1, 1), "keypoint"),
        (Polyline(np.zeros((2, 2))), "polyline"),
        (Skeleton(np.zeros((1, 2)), (Visibility.VISIBLE,)), "object primitive"),
    ],
)
def test_shapes_without_an_area_have_no_mask(shape: Keypoint | Polyline | Skeleton, name: str) -> None:
    with pytest.raises(ShapeError, match=f"A {name} covers no area, so it has no mask"):
        shape_to_mask(shape, width=8, height=8)
