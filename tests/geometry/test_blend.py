"""Two shapes of one object on one frame become one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.blend import masks_blend, shapes_blend
from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.shapes import (
    BoolMask,
    Box,
    Keypoint,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
)
from tests.backends.scenes import iou

WIDTH, HEIGHT = 200, 120
SEEN, LOST = Visibility.VISIBLE, Visibility.INVISIBLE

REACH = 8.0


def block(left: int, top: int, width: int, height: int) -> BoolMask:
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[top : top + height, left : left + width] = True
    return mask


def blend(first: Shape, second: Shape, *, weight: float) -> Shape | None:
    return shapes_blend(first, second, weight=weight, width=WIDTH, height=HEIGHT)


@given(
    left=st.integers(10, 60), top=st.integers(10, 40), shift=st.integers(-6, 6), weight=st.floats(0.05, 0.95)
)
def test_edges_that_lie_close_meet_between(left: int, top: int, shift: int, weight: float) -> None:
    mask = masks_blend(block(left, top, 60, 50), block(left + shift, top, 60, 50), weight=weight, reach=REACH)
    columns = np.flatnonzero(mask[top + 25])
    assert columns[0] == pytest.approx(left + weight * shift, abs=1)
    assert columns[-1] + 1 == pytest.approx(left + 60 + weight * shift, abs=1)


@pytest.mark.parametrize(("weight", "nearer"), [(0.3, 0), (0.7, 1)])
def test_of_masks_apart_the_weightier_one_is_right(weight: float, nearer: int) -> None:
    masks = block(10, 10, 40, 40), block(120, 60, 40, 40)
    np.testing.assert_array_equal(masks_blend(*masks, weight=weight, reach=REACH), masks[nearer])


@pytest.mark.parametrize(("weight", "kept"), [(0.3, False), (0.7, True)])
def test_a_piece_that_one_mask_has_alone_is_decided_by_itself(weight: float, kept: bool) -> None:
    body, piece = block(10, 10, 40, 40), block(120, 60, 30, 30)
    mask = masks_blend(body, body | piece, weight=weight, reach=REACH)
    np.testing.assert_array_equal(mask, body | piece if kept else body)


def test_two_empty_masks_make_an_empty_one() -> None:
    assert not masks_blend(block(0, 0, 0, 0), block(0, 0, 0, 0), weight=0.5, reach=REACH).any()


@pytest.mark.parametrize("kind", [ShapeKind.POLYGON, ShapeKind.BITMASK])
def test_polygons_and_bitmasks_keep_their_kind(kind: ShapeKind) -> None:
    first, second = (mask_to_shape(block(left, 30, 60, 50), kind) for left in (40, 44))
    assert first is not None
    assert second is not None
    blended = blend(first, second, weight=0.5)
    assert type(blended) is type(first)
    assert blended is not None
    assert iou(shape_to_mask(blended, width=WIDTH, height=HEIGHT), block(42, 30, 60, 50)) > 0.99


def test_boxes_of_one_object_meet_between() -> None:
    assert blend(Box(10, 20, 40, 40), Box(14, 20, 48, 40), weight=0.25) == Box(11, 20, 42, 40)


@pytest.mark.parametrize(("weight", "left"), [(0.4, 10), (0.6, 150)])
def test_of_boxes_apart_the_weightier_one_is_right(weight: float, left: float) -> None:
    assert blend(Box(10, 20, 40, 40), Box(150, 20, 40, 40), weight=weight) == Box(left, 20, 40, 40)


def test_turned_boxes_meet_the_short_way_round() -> None:
    box = blend(RotatedBox(50, 30, 40, 40, 350), RotatedBox(50, 30, 40, 40, 10), weight=0.25)
    assert isinstance(box, RotatedBox)
    assert box.rotation == pytest.approx(355)


def test_points_that_lie_close_meet_between() -> None:
    assert blend(Keypoint(50, 50), Keypoint(52, 54), weight=0.5) == Keypoint(51, 52)


@pytest.mark.parametrize(("weight", "x"), [(0.4, 50), (0.6, 90)])
def test_of_points_apart_the_weightier_one_is_right(weight: float, x: float) -> None:
    assert blend(Keypoint(50, 50), Keypoint(90, 50), weight=weight) == Keypoint(x, 50)


@pytest.mark.parametrize(("weight", "visibility"), [(0.4, SEEN), (0.6, LOST)])
def test_a_vertex_that_one_side_lost_is_told_by_the_weightier_side(
    weight: float, visibility: Visibility
) -> None:
    first = Skeleton(np.array([[20.0, 20.0], [60.0, 20.0]]), (SEEN, SEEN))
    second = Skeleton(np.array([[22.0, 20.0], [60.0, 20.0]]), (SEEN, LOST))
    blended = blend(first, second, weight=weight)
    assert isinstance(blended, Skeleton)
    assert blended.visibility == (SEEN, visibility)
    np.testing.assert_allclose(blended.points[0], [20 + 2 * weight, 20])
