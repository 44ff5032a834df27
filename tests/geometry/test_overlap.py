"""How much shapes of one frame cover each other: masks, and shapes that stand on a frame."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.boxes import box_iou
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import mask_iou, mask_to_bitmask, shape_to_mask
from labeling.geometry.overlap import Standing
from labeling.geometry.shapes import Bitmask, BoolMask, Box, Polyline, RotatedBox, Shape
from tests.geometry.shapes_made import HEIGHT, WIDTH, boxes, frame_masks

LEFT_HALF = np.zeros((HEIGHT, WIDTH), np.bool_)
LEFT_HALF[:, : WIDTH // 2] = True


def standing(*shapes: Shape) -> Standing:
    return Standing(shapes, width=WIDTH, height=HEIGHT)


def line(*, to: float) -> Polyline:
    return Polyline(np.array([[0.0, 0.0], [to, to]]))


class TestMasks:
    def test_halves_share_nothing_and_a_half_is_half_of_the_whole(self) -> None:
        whole = np.ones_like(LEFT_HALF)
        assert mask_iou(LEFT_HALF, ~LEFT_HALF) == 0
        assert mask_iou(LEFT_HALF, whole) == mask_iou(whole, LEFT_HALF) == 0.5

    def test_two_empty_masks_show_no_object(self) -> None:
        nothing = np.zeros_like(LEFT_HALF)
        assert mask_iou(nothing, nothing) == 0

    @given(frame_masks.filter(np.any))
    def test_a_mask_covers_itself(self, mask: BoolMask) -> None:
        assert mask_iou(mask, mask) == 1


class TestStanding:
    @given(frame_masks.filter(np.any), st.lists(frame_masks.filter(np.any), max_size=3))
    def test_the_answer_is_that_of_the_nearest_mask(self, mask: BoolMask, others: list[BoolMask]) -> None:
        shape, shapes = mask_to_bitmask(mask), [mask_to_bitmask(other) for other in others]
        assert shape is not None
        expected = max((mask_iou(mask, other) for other in others), default=0.0)
        assert standing(*filter(None, shapes)).iou(shape) == pytest.approx(expected)

    @given(boxes(), boxes())
    def test_two_boxes_are_compared_exactly(self, one: Box, other: Box) -> None:
        assert standing(other).iou(one) == box_iou(one, other)

    def test_shapes_of_different_kinds_are_compared_by_their_pixels(self) -> None:
        bitmask = mask_to_bitmask(shape_to_mask(Box(2, 2, 10, 4), width=WIDTH, height=HEIGHT))
        assert isinstance(bitmask, Bitmask)
        assert standing(Box(2, 2, 10, 4)).iou(bitmask) == 1
        assert standing(bitmask).iou(RotatedBox(2, 2, 10, 4, 0.0)) == 1

    def test_what_lies_apart_is_not_looked_at_more_closely(self) -> None:
        """A shape without an area has no pixels to compare; far away nobody asks for them."""
        assert standing(line(to=4)).iou(RotatedBox(10, 10, 3, 3, 0.0)) == 0

    def test_a_shape_that_covers_no_pixel_meets_nothing(self) -> None:
        sliver = RotatedBox(3.1, 3.1, 0.2, 0.2, 0.0)
        assert standing(Box(0, 0, 10, 10)).iou(sliver) == 0
        assert standing(sliver).iou(Box(0, 0, 10, 10)) == 0

    def test_a_shape_without_an_area_is_refused(self) -> None:
        with pytest.raises(ShapeError):
            standing(Box(0, 0, 10, 10)).iou(line(to=8))
