"""What lies between two shapes: ends, straight ways, frames and moved pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.geometry.between import shape_between, shape_tween
from labeling.geometry.boxes import shape_bounds
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import mask_to_bitmask, shape_to_mask
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
from tests.geometry.shapes_made import (
    HEIGHT,
    WIDTH,
    any_masks,
    boxes,
    keypoints,
    points,
    polygons,
    rings,
    rotated_boxes,
    same_shape,
    visibilities,
)

NEARLY = 1e-7
ways = st.floats(0.0, 1.0)


@st.composite
def skeleton_pairs(draw: st.DrawFn) -> tuple[Shape, Shape]:
    first = draw(points(1))
    count = len(first)
    second = draw(points(count, count))
    seen = st.tuples(*[visibilities for _ in range(count)])
    return Skeleton(first, draw(seen)), Skeleton(second, draw(seen))


single_rings = rings.map(lambda ring: Polygon(((ring,),)))


@st.composite
def small_masks(draw: st.DrawFn) -> Bitmask:
    """Any pixels in a box of at most 24 by 24, somewhere in the frame."""
    mask = draw(any_masks.filter(lambda mask: bool(mask.any())))
    tight = mask_to_bitmask(mask)
    assert tight is not None
    height, width = mask.shape
    left, top = draw(st.integers(0, WIDTH - width)), draw(st.integers(0, HEIGHT - height))
    return replace(tight, left=tight.left + left, top=tight.top + top)


masks = small_masks()
pairs: st.SearchStrategy[tuple[Shape, Shape]] = st.one_of(
    st.tuples(boxes(), boxes()),
    st.tuples(rotated_boxes, rotated_boxes),
    st.tuples(polygons, polygons),
    st.tuples(single_rings, single_rings),
    st.tuples(masks, masks),
    st.tuples(points(2).map(Polyline), points(2).map(Polyline)),
    st.tuples(keypoints, keypoints),
    skeleton_pairs(),
)


def moved(shape: Shape, *, by: tuple[int, int]) -> Shape:
    """The shape as it is in a picture that begins ``by`` pixels farther left and up."""
    x, y = by
    match shape:
        case Bitmask():
            return replace(shape, left=shape.left + x, top=shape.top + y)
        case Box() | RotatedBox():
            return replace(shape, left=shape.left + x, top=shape.top + y)
        case Polygon():
            return Polygon(tuple(tuple(ring + by for ring in rings) for rings in shape.polygons))
        case Polyline():
            return Polyline(shape.points + by)
        case Keypoint():
            return replace(shape, x=shape.x + x, y=shape.y + y)
        case Skeleton():
            return Skeleton(shape.points + by, shape.visibility)


def overlap(first: Shape, second: Shape, *, width: int = WIDTH, height: int = HEIGHT) -> float:
    """Intersection over union of the pixels of two shapes."""
    mine, yours = (shape_to_mask(shape, width=width, height=height) for shape in (first, second))
    return float((mine & yours).sum() / (mine | yours).sum())


def polygon(*corners: tuple[float, float]) -> Polygon:
    return Polygon(((np.array(corners, np.float64),),))


def disc(x: float, y: float, radius: float, *, width: int = 320, height: int = 240) -> Bitmask:
    rows, columns = np.mgrid[:height, :width] + 0.5
    made = mask_to_bitmask((columns - x) ** 2 + (rows - y) ** 2 <= radius**2)
    assert made is not None
    return made


@given(pairs)
def test_the_ends_of_the_way_are_the_shapes_themselves(pair: tuple[Shape, Shape]) -> None:
    first, second = pair
    assert shape_between(first, second, 0.0) is first
    assert shape_between(first, second, 1.0) is second
    assert shape_between(first, second, -0.5) is first
    assert shape_between(first, second, 1.5) is second


@given(
    st.tuples(boxes(), boxes()) | st.tuples(rotated_boxes, rotated_boxes) | st.tuples(keypoints, keypoints)
)
def test_numbers_just_inside_the_ends_are_nearly_theirs(pair: tuple[Shape, Shape]) -> None:
    first, second = pair
    for end, t in ((first, NEARLY), (second, 1 - NEARLY)):
        near = shape_between(first, second, t)
        assert np.allclose(box_numbers(near), box_numbers(end), rtol=0, atol=1e-3)


@given(st.tuples(masks, masks))
def test_masks_just_inside_the_ends_have_their_very_pixels(pair: tuple[Bitmask, Bitmask]) -> None:
    first, second = pair
    assert shape_between(first, second, NEARLY) == first
    assert shape_between(first, second, 1 - NEARLY) == second


@given(st.tuples(single_rings, single_rings))
def test_polygons_just_inside_the_ends_cover_the_same(pair: tuple[Polygon, Polygon]) -> None:
    tween = shape_tween(*pair)
    for end, t in ((pair[0], NEARLY), (pair[1], 1 - NEARLY)):
        near = tween(t)
        mine, yours = (shape_to_mask(shape, width=WIDTH, height=HEIGHT) for shape in (near, end))
        # Outlines made of pixels keep to half a pixel or so: a sliver may be theirs or not.
        assert (mine ^ yours).sum() <= 0.1 * yours.sum() + perimeter(end)


def perimeter(shape: Polygon) -> float:
    outlines = [ring for rings in shape.polygons for ring in rings]
    return float(sum(np.hypot(*(np.roll(ring, -1, axis=0) - ring).T).sum() for ring in outlines))


@given(pairs, ways)
def test_all_of_it_lies_in_the_rectangle_around_both(pair: tuple[Shape, Shape], t: float) -> None:
    first, second = pair
    if isinstance(first, RotatedBox):
        return  # its corners turn; centre and sides have a test of their own
    between = shape_bounds(shape_between(first, second, t))
    ends = [shape_bounds(shape) for shape in pair]
    # Of whole pixels, as the picture is.
    assert between.left >= np.floor(min(end.left for end in ends)) - 1e-6
    assert between.top >= np.floor(min(end.top for end in ends)) - 1e-6
    assert between.left + between.width <= np.ceil(max(end.left + end.width for end in ends)) + 1e-6
    assert between.top + between.height <= np.ceil(max(end.top + end.height for end in ends)) + 1e-6


@given(pairs, ways, st.tuples(st.integers(-500, 500), st.integers(-500, 500)))
def test_a_moved_picture_moves_what_lies_between(
    pair: tuple[Shape, Shape], t: float, by: tuple[int, int]
) -> None:
    first, second = pair
    there = shape_between(moved(first, by=by), moved(second, by=by), t)
    here = moved(shape_between(first, second, t), by=by)
    if isinstance(there, Polygon):
        # Rounding may choose another of two starts that fit a ring equally well: what counts is covered.
        assert np.allclose(box_numbers(there), box_numbers(here), atol=0.5)
    else:
        assert same_shape(there, here, within=1e-6)


def box_numbers(shape: Shape) -> list[float]:
    box = shape_bounds(shape)
    return [box.left, box.top, box.width, box.height]


@given(st.tuples(boxes(), boxes()), ways)
def test_boxes_go_evenly(pair: tuple[Box, Box], t: float) -> None:
    first, second = pair
    between = shape_between(first, second, t)
    assert isinstance(between, Box)
    assert between.left == pytest.approx(first.left + t * (second.left - first.left))
    assert between.width == pytest.approx(first.width + t * (second.width - first.width))


@given(rotated_boxes, rotated_boxes, ways)
def test_an_angle_never_turns_farther_than_the_short_way(
    first: RotatedBox, second: RotatedBox, t: float
) -> None:
    between = shape_between(first, second, t)
    assert isinstance(between, RotatedBox)
    assert 0.0 <= between.rotation < 360.0
    whole, part = (apart(first.rotation, one) for one in (second.rotation, between.rotation))
    assert part == pytest.approx(whole * t, abs=1e-6)
    centres = [box.left + box.width / 2 for box in (first, between, second)]
    assert centres[1] == pytest.approx(centres[0] + t * (centres[2] - centres[0]), abs=1e-6)


def apart(first: float, second: float) -> float:
    """Degrees between two directions, 0..180."""
    angle = abs(first - second) % 360.0
    return min(angle, 360.0 - angle)


@pytest.mark.parametrize(
    ("start", "end", "half"), [(350, 10, 0), (10, 350, 0), (80, 120, 100), (300, 100, 20)]
)
def test_angles_cross_north_where_that_is_shorter(start: float, end: float, half: float) -> None:
    first, second = (RotatedBox(10, 10, 20, 8, float(angle)) for angle in (start, end))
    between = shape_between(first, second, 0.5)
    assert isinstance(between, RotatedBox)
    assert apart(between.rotation, half) == pytest.approx(0.0, abs=1e-9)


def test_a_mask_that_moves_farther_than_it_is_wide_does_not_vanish() -> None:
    between = shape_between(disc(40, 60, 15), disc(240, 160, 15), 0.5)
    assert overlap(between, disc(140, 110, 15), width=320, height=240) > 0.95


def test_a_mask_that_grows_has_the_radius_between() -> None:
    between = shape_between(disc(100, 100, 10), disc(140, 100, 30), 0.25)
    assert overlap(between, disc(110, 100, 15), width=320, height=240) > 0.93


def holed_disc(x: float, y: float) -> Bitmask:
    mask = shape_to_mask(disc(x, y, 30), width=320, height=240)
    mask &= ~shape_to_mask(disc(x, y, 12), width=320, height=240)
    made = mask_to_bitmask(mask)
    assert made is not None
    return made


def test_the_hole_of_a_mask_stays_a_hole() -> None:
    between = shape_between(holed_disc(60, 100), holed_disc(200, 100), 0.5)
    mask = shape_to_mask(between, width=320, height=240)
    assert not mask[100, 130]
    assert mask[100, 152]


@given(masks, masks, st.floats(0.05, 0.95))
def test_a_mask_never_has_less_area_than_the_smaller_end(first: Bitmask, second: Bitmask, t: float) -> None:
    areas = [shape_to_mask(one, width=WIDTH, height=HEIGHT).sum() for one in (first, second)]
    between = shape_to_mask(shape_between(first, second, t), width=WIDTH, height=HEIGHT).sum()
    # Never less than the smaller; pixels that are as far inside as the last one that counts come with it.
    assert between >= min(areas)


def test_corners_with_equal_numbers_go_to_their_partners() -> None:
    first = polygon((0, 0), (10, 0), (10, 10), (0, 10))
    second = polygon((40, 30), (20, 30), (20, 10), (40, 10))  # another start, the same turn
    between = shape_between(first, second, 0.5)
    assert isinstance(between, Polygon)
    ((ring,),) = between.polygons
    corners = {(round(x, 6), round(y, 6)) for x, y in ring.tolist()}
    assert corners == {(10.0, 5.0), (25.0, 5.0), (25.0, 20.0), (10.0, 20.0)}


def test_a_ring_drawn_the_other_way_round_does_not_turn_inside_out() -> None:
    first = polygon((10, 10), (50, 10), (50, 40), (10, 40))
    second = polygon((10, 40), (50, 40), (50, 10), (10, 10))
    assert overlap(shape_between(first, second, 0.5), first) == 1.0


def test_polygons_of_different_numbers_of_points_keep_their_form() -> None:
    square = polygon((10, 10), (40, 10), (40, 40), (10, 40))
    finer = polygon((30, 20), (37, 20), (45, 20), (60, 20), (60, 33), (60, 50), (42, 50), (30, 50), (30, 41))
    between = shape_between(square, finer, 0.5)
    assert overlap(between, polygon((20, 15), (50, 15), (50, 45), (20, 45))) > 0.97


def test_pieces_go_to_the_piece_that_lies_alike_whatever_their_order() -> None:
    left, right = polygon((0, 0), (10, 0), (10, 10), (0, 10)), polygon((60, 0), (70, 0), (70, 10), (60, 10))
    first = Polygon((left.polygons[0], right.polygons[0]))
    second = Polygon((right.polygons[0], left.polygons[0]))
    assert overlap(shape_between(first, second, 0.5), first) == 1.0


def test_a_polygon_whose_pieces_differ_goes_by_pixels_within_its_points() -> None:
    one = polygon((10, 10), (50, 10), (50, 50), (10, 50))
    two = Polygon((*polygon((10, 10), (29, 10), (29, 50), (10, 50)).polygons,
                   *polygon((31, 10), (50, 10), (50, 50), (31, 50)).polygons))  # fmt: skip
    between = shape_between(one, two, 0.5)
    assert isinstance(between, Polygon)
    assert overlap(between, one) > 0.9
    assert sum(len(ring) for rings in between.polygons for ring in rings) <= 200


def test_a_polygon_as_thin_as_a_hair_has_something_between_too() -> None:
    hair = polygon((10, 10), (60, 10.0001), (10, 10.0002))
    two = Polygon((hair.polygons[0], polygon((10, 40), (60, 40.0001), (10, 40.0002)).polygons[0]))
    assert isinstance(shape_between(hair, two, 0.5), Polygon)


def test_a_line_drawn_the_other_way_round_does_not_collapse() -> None:
    first = Polyline(np.array([[0, 10], [50, 10.0]]))
    second = Polyline(np.array([[50, 20], [0, 20.0]]))
    between = shape_between(first, second, 0.5)
    assert isinstance(between, Polyline)
    assert np.allclose(between.points, [[0, 15], [50, 15]])


def test_lines_of_different_numbers_of_points_go_place_for_place() -> None:
    first = Polyline(np.array([[0, 0], [40, 0.0]]))
    second = Polyline(np.array([[0, 20], [10, 20], [40, 20.0]]))
    between = shape_between(first, second, 0.5)
    assert isinstance(between, Polyline)
    assert np.allclose(between.points, [[0, 10], [10, 10], [40, 10]])


def test_a_vertex_lost_at_either_end_is_lost_between() -> None:
    seen, hidden, lost = Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.INVISIBLE
    first = Skeleton(np.zeros((4, 2)), (seen, seen, lost, lost))
    second = Skeleton(np.full((4, 2), 10.0), (hidden, lost, seen, lost))
    early, late = (shape_between(first, second, t) for t in (0.25, 0.75))
    assert isinstance(early, Skeleton)
    assert isinstance(late, Skeleton)
    assert early.visibility == (seen, lost, lost, lost)
    assert late.visibility == (hidden, lost, lost, lost)
    assert np.allclose(late.points, 7.5)


def test_shapes_of_different_kinds_are_refused_by_name() -> None:
    with pytest.raises(ShapeError, match="bounding box and keypoint"):
        shape_between(Box(0, 0, 5, 5), Keypoint(3, 3), 0.5)


def test_skeletons_of_different_templates_are_refused() -> None:
    seen = Visibility.VISIBLE
    two, three = (Skeleton(np.zeros((count, 2)), (seen,) * count) for count in (2, 3))
    with pytest.raises(ShapeError, match="of 2 and of 3 vertices"):
        shape_between(two, three, 0.5)


@settings(max_examples=25)
@given(pairs)
def test_a_way_gives_what_the_single_question_gives(pair: tuple[Shape, Shape]) -> None:
    tween = shape_tween(*pair)
    for t in (0.2, 0.8):
        assert same_shape(tween(t), shape_between(*pair, t))


def test_a_point_of_a_polyline_that_is_lost_at_one_end_is_lost_between() -> None:
    seen, lost = Visibility.VISIBLE, Visibility.INVISIBLE
    line = np.array([[0, 0], [10, 0], [20, 5]], np.float64)
    between = shape_between(Polyline(line, (seen, lost, seen)), Polyline(line + 8), 0.25)
    assert isinstance(between, Polyline)
    assert between.visibility == (seen, lost, seen)
    np.testing.assert_allclose(between.points, line + 2)
